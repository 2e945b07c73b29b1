import type { EventEnvelope } from "../../../mixins/events/envelope.ts";
import type { LockForEvents } from "../../../mixins/events/consumer.ts";
import type { CatalogDependencies } from "../catalog.dependencies.ts";

/** First the reservations of all orders that there are news of, then the stock that the news move. */
export const lockForEvents: LockForEvents<CatalogDependencies> = async (events, tx, { reservations, stock }) => {
  const orderIds = ordersOf(events);
  if (orderIds.size === 0) return;
  // That an order was placed moves nothing.
  const moving = ordersOf(events.filter(({ name }) => name !== "orders.placed"));
  const lines = (await reservations.lock([...orderIds], tx)).flatMap((reservation) =>
    moving.has(reservation.orderId) ? reservation.lines : [],
  );
  await stock.lock([...new Set(lines.map(({ variantId }) => variantId))], tx);
};

function ordersOf(events: readonly EventEnvelope[]): Set<string> {
  return new Set(events.flatMap(({ payload }) => ("orderId" in payload ? [payload.orderId] : [])));
}
