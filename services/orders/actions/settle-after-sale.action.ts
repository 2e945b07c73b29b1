import type { Tx } from "../../../mixins/database/database.ts";
import type { Params } from "../../../mixins/contract/calls.ts";
import { actorOf, actorText } from "../../../mixins/contract/caller.ts";
import type { AfterSaleRefund } from "../data/after-sale-refund-repository.ts";
import { afterSaleReturn, amountLeft, partOf } from "../domain/after-sale.ts";
import { refundOrder } from "../domain/order.ts";
import type { OrderWithLines } from "../domain/order-model.ts";
import { refundedShares } from "../domain/part.ts";
import type { OrdersDependencies } from "../orders.dependencies.ts";
import { action } from "../orders.dependencies.ts";
import { requestRefund } from "../payments/request-refund.ts";
import { saveReturn } from "../returns/save-return.ts";

type Request = Params<"orders.after-sales.settle">;
interface Step {
  readonly actor: string;
  readonly now: number;
}

const nothing: AfterSaleRefund = { refund: 0, returnId: null, refundId: null };

/**
 * Idempotent for ever: the result is stored under the after-sale's id, in the transaction that refunds it. The
 * lock of the order makes repetitions wait for each other.
 */
export const settleAfterSale = action("orders.after-sales.settle", async (context, dependencies) => {
  const { params, caller, now, transaction, fail } = context;
  const { orders, afterSaleRefunds } = dependencies;
  const step = { actor: actorText(actorOf(caller)), now };
  return transaction(async (tx) => {
    const order = await orders.lock(params.orderId, undefined, tx);
    if (!order) throw fail("not-found");
    let result = await afterSaleRefunds.settled(params.afterSaleId, tx);
    if (!result) {
      result =
        params.goods === "kept"
          ? await refundKept(order, params, step, tx, dependencies)
          : await takeBack(order, params, step, tx, dependencies);
      await afterSaleRefunds.settle(params.afterSaleId, order.id, result, now, tx);
    }
    const { refund, returnId, refundId } = result;
    return { refund: { amount: refund, currency: order.currency }, returnId, refundId };
  });
});

async function refundKept(
  order: OrderWithLines,
  { lines, amount: wanted, reason }: Request,
  { actor, now }: Step,
  tx: Tx,
  dependencies: OrdersDependencies,
): Promise<AfterSaleRefund> {
  // All lines are of one part.
  const line = order.lines.find(({ id }) => id === lines[0]?.lineId);
  const part = line && partOf(order, line);
  const amount = part ? Math.min(wanted.amount, amountLeft(order, part)) : 0;
  if (!part || amount < 1) return nothing;
  const { order: after } = refundOrder(order, amount, now, part.id);
  await save(after, tx, dependencies);
  await dependencies.timeline.add(after, { event: "refunded", actor, reason }, tx);
  const shares = refundedShares(order.parts, after.parts);
  const due = { amount, cause: "after-sale", reason, shares } as const;
  const { id: refundId } = await requestRefund(after, due, now, tx, dependencies);
  return { refund: amount, returnId: null, refundId };
}

async function takeBack(
  order: OrderWithLines,
  { lines: wanted, goods, restock, reason }: Request,
  { actor, now }: Step,
  tx: Tx,
  dependencies: OrdersDependencies,
): Promise<AfterSaleRefund> {
  const taken = afterSaleReturn(order, wanted, goods === "unshipped", now);
  if (!taken) return nothing;
  const { recorded, refundId } = await saveReturn(
    order,
    taken,
    { restock, reason, actor, now },
    tx,
    dependencies,
  );
  return { refund: taken.refund, returnId: recorded.id, refundId };
}

async function save(after: OrderWithLines, tx: Tx, { orders }: OrdersDependencies): Promise<void> {
  if (!(await orders.update(after, tx))) throw new Error(`the locked order ${after.id} has changed`);
}
