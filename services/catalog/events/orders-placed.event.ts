import { actorText } from "../../../mixins/contract/caller.ts";
import type { EventEnvelope } from "../../../mixins/events/envelope.ts";
import { onBatch } from "../catalog.dependencies.ts";
import type { NewBasket } from "../data/related-repository.ts";
import { settleReservation } from "../reservations/settle-reservation.ts";

/**
 * Commits reservations of placed orders: stock stays reserved without a lease until payment or undo. Keeps what
 * was ordered together, to be counted by a job.
 */
export const ordersPlaced = onBatch(["orders.placed"], async (events, tx, dependencies) => {
  await dependencies.related.addBaskets(events.flatMap(basketOf), tx);
  // No stock moves, so held reservations, nearly all, change in one statement.
  const orderIds = events.map(({ payload }) => payload.orderId);
  if ((await dependencies.reservations.commitHeld(orderIds, Date.now(), tx)) === orderIds.length) return;
  for (const { actor, occurredAt, payload } of events)
    await settleReservation(
      payload.orderId,
      "placed",
      { actor: actorText(actor), reason: null, at: occurredAt },
      tx,
      dependencies,
    );
});

/** None for an order of one variant. */
function basketOf({ occurredAt, payload }: EventEnvelope<"orders.placed">): NewBasket[] {
  const variantIds = [...new Set(payload.lines.map(({ variantId }) => variantId))];
  const { orderId } = payload;
  return variantIds.length < 2 ? [] : [{ orderId, variantIds, placedAt: occurredAt }];
}
