import { together } from "../catalog.dependencies.ts";
import { actorText } from "../domain/actor-text.ts";
import { settleReservation } from "../settle-reservation.ts";

/** The orders exist: their stock stays reserved without a lease until it is paid for or undone. */
export const ordersPlaced = together(["orders.placed"], async (events, tx, dependencies) => {
  // Nothing moves, so those that are held, as nearly all are, change at once.
  const orderIds = events.map(({ payload }) => payload.orderId);
  if ((await dependencies.reservations.commitHeld(orderIds, Date.now(), tx)) === orderIds.length) return;
  for (const { actor, occurredAt, payload } of events)
    await settleReservation(payload.orderId, "placed", { actor: actorText(actor), reason: null, at: occurredAt }, tx, dependencies);
});
