import { ShopError } from "../../../mixins/contract/errors.ts";
import { newId } from "../../../mixins/contract/ids.ts";
import type { Tx } from "../../../mixins/database/database.ts";
import type { GoodsReturn } from "../data/return-repository.ts";
import type { ReturnResult } from "../domain/order.ts";
import type { OrderWithLines } from "../domain/order-model.ts";
import { refundedShares } from "../domain/part.ts";
import type { OrdersDependencies } from "../orders.dependencies.ts";
import { requestRefund } from "../payments/request-refund.ts";
import { presentReturn, presentShares } from "../present.ts";

interface Circumstances {
  readonly restock: boolean;
  readonly reason: string;
  readonly actor: string;
  readonly now: number;
}

/**
 * Saves a return of goods of a locked order: the order, the goods of its lines, the refund and the event. All ways to
 * return goods end here.
 *
 * @returns the return, and the id of its refund; null when nothing is to be refunded
 * @throws ShopError `illegal-transition` or `limit-reached` when the order changed in spite of the lock
 */
export async function saveReturn(
  order: OrderWithLines,
  { order: after, lines, refund }: ReturnResult<OrderWithLines>,
  { restock, reason, actor, now }: Circumstances,
  tx: Tx,
  dependencies: OrdersDependencies,
): Promise<{ readonly recorded: GoodsReturn; readonly refundId: string | null }> {
  const { orders, receipts, returns, timeline } = dependencies;
  if (!(await orders.update(after, tx)))
    throw new ShopError("illegal-transition", undefined, { from: order.status });
  for (const goods of lines)
    if (!(await orders.addReturned(order.id, goods, tx)))
      throw new ShopError("limit-reached", undefined, { lineId: goods.lineId });

  const recorded = {
    id: newId(),
    orderId: order.id,
    lines,
    refund,
    currency: order.currency,
    disposition: restock ? "restocked" : "discarded",
    reason,
    returnedAt: now,
  } as const;
  await returns.insert(recorded, tx);
  if (order.toReview > 0) await receipts.countToReview(order.id, tx);
  await timeline.add(after, { event: "returned", actor, reason }, tx);
  const shares = refundedShares(order.parts, after.parts);
  const due = { amount: refund, cause: "return", reason, shares } as const;
  const requested = refund > 0 ? await requestRefund(after, due, now, tx, dependencies) : undefined;
  const presented = presentReturn(recorded);
  tx.publish("orders.returned", {
    orderId: order.id,
    number: order.number,
    customerId: order.customerId,
    returnId: recorded.id,
    lines: lines.map(({ lineId, variantId, productId, merchantId, quantity, refund: ofLine }) => ({
      variantId,
      quantity,
      lineId,
      productId,
      merchantId,
      refund: { amount: ofLine, currency: order.currency },
    })),
    parts: presentShares(shares, order.currency),
    refund: presented.refund,
    restocked: presented.restocked,
    reason,
  });
  return { recorded, refundId: requested?.id ?? null };
}
