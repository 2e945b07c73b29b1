import type { EventEnvelope } from "../../../mixins/events/envelope.ts";
import type { LockForEvents } from "../../../mixins/events/consumer.ts";
import type { CatalogDependencies } from "../catalog.dependencies.ts";

/** First the reservations of all orders that there are news of, then the stock that the news move. */
export const lockForEvents: LockForEvents<CatalogDependencies> = async (events, tx, { reservations, stock }) => {
  // That an order was placed moves nothing, and is noted for all such orders at once, in the order of their ids.
  const moving = ordersOf(events.filter(({ name }) => name !== "orders.placed"));
  if (moving.size === 0) return;
  const lines = (await reservations.lock([...ordersOf(events)], tx)).flatMap((reservation) =>
    moving.has(reservation.orderId) ? reservation.lines : [],
  );
  await stock.lock([...new Set(lines.map(({ variantId }) => variantId))], tx);
};

function ordersOf(events: readonly EventEnvelope[]): Set<string> {
  return new Set(events.flatMap(({ payload }) => ("orderId" in payload ? [payload.orderId] : [])));
}
