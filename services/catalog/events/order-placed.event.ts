import { on } from "../catalog.dependencies.ts";
import { actorText } from "../domain/actor-text.ts";
import { settleReservation } from "../settle-reservation.ts";

/** The order exists: its stock stays reserved without a lease until it is paid for or undone. */
export const orderPlaced = on("orders.placed", async (event, tx, dependencies) => {
  const note = { actor: actorText(event.actor), reason: null, at: event.occurredAt };
  await settleReservation(event.payload.orderId, "placed", note, tx, dependencies);
});
