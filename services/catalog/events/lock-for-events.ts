import type { EventEnvelope } from "../../../mixins/events/envelope.ts";
import type { LockForEvents } from "../../../mixins/events/consumer.ts";
import type { CatalogDependencies } from "../catalog.dependencies.ts";

/** Lock order: reservations of all orders and replacements in the batch, then the stock that the events move. */
export const lockForEvents: LockForEvents<CatalogDependencies> = async (
  events,
  tx,
  { reservations, stock },
) => {
  // `orders.placed` moves no stock; its handler updates all those orders at once, by id.
  const moving = ordersOf(events.filter(({ name }) => name !== "orders.placed"));
  if (moving.size === 0) return;
  const lines = (await reservations.lock([...ordersOf(events)], tx)).flatMap((reservation) =>
    moving.has(reservation.orderId) ? reservation.lines : [],
  );
  await stock.lock([...new Set(lines.map(({ variantId }) => variantId))], tx);
};

function ordersOf(events: readonly EventEnvelope[]): Set<string> {
  return new Set(
    events.flatMap(({ payload }) => {
      const { replacementId, orderId } = payload as {
        readonly replacementId?: string;
        readonly orderId?: string;
      };
      return replacementId ?? orderId ?? [];
    }),
  );
}
