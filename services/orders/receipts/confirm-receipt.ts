import type { Tx } from "../../../mixins/database/database.ts";
import { ShopError } from "../../../mixins/contract/errors.ts";
import type { OrderPart, OrderWithLines } from "../domain/order-model.ts";
import { keptLines, receive } from "../domain/receipt.ts";
import type { OrdersDependencies } from "../orders.dependencies.ts";
import { presentSoldLines } from "../present.ts";

/**
 * Records the receipt of parts of a locked order, with a step of the timeline and an event for each.
 *
 * @returns the order afterwards
 * @throws ShopError `illegal-transition` when the order changed in spite of the lock
 */
export async function confirmReceipt(
  order: OrderWithLines,
  parts: readonly OrderPart[],
  { by, actor, now }: { readonly by: "customer" | "system"; readonly actor: string; readonly now: number },
  tx: Tx,
  { orders, receipts, timeline, hasReviews }: OrdersDependencies,
): Promise<OrderWithLines> {
  let received = order;
  for (const { id: partId, merchantId } of parts) {
    received = receive(received, partId, now);
    if (!(await orders.update(received, tx)))
      throw new ShopError("illegal-transition", "The order was changed concurrently", { from: order.status });
    await timeline.add(received, { event: "received", actor, reason: null }, tx);
    tx.publish("orders.received", {
      orderId: order.id,
      number: order.number,
      customerId: order.customerId,
      partId,
      merchantId,
      by,
      lines: presentSoldLines({ ...received, lines: keptLines(received, partId) }),
    });
  }
  if (!hasReviews || parts.length === 0) return received;
  await receipts.countToReview(order.id, tx);
  return (await orders.byId(order.id, undefined, tx)) ?? received;
}
