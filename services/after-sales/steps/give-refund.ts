import type { AfterSalesDependencies } from "../after-sales.dependencies.ts";
import type { DueAfterSale } from "../data/after-sale-repository.ts";
import type { AfterSaleWithLines } from "../domain/after-sale-model.ts";
import { take } from "../domain/after-sale.ts";
import { owesRefund } from "../domain/deadlines.ts";
import { eventBase, eventLines } from "../present.ts";
import type { StepContext } from "./save-step.ts";
import { saveStep } from "./save-step.ts";

/** Longer than an attempt can take, so that another one starts only after a failure or a crash. */
const retryMs = 30_000;

/**
 * Has an owed refund made, in the name of the shop: who answered was authorised before. Crash-safe: the next
 * attempt is scheduled first, and orders refunds one after-sale once. Hence, whoever was interrupted between
 * the refund and the commit here gets the same refund again.
 *
 * @returns undefined when another caller is at it, or nothing is owed
 */
export async function giveRefund(
  due: DueAfterSale,
  { now, call, transaction }: StepContext,
  actor: string,
  dependencies: AfterSalesDependencies,
): Promise<AfterSaleWithLines | undefined> {
  const { afterSales, terms } = dependencies;
  const afterSale = await transaction(async (tx) =>
    (await afterSales.claim("refund", due, now + retryMs, tx))
      ? afterSales.byId(due.id, "all", tx)
      : undefined,
  );
  if (!afterSale || !owesRefund(afterSale)) return undefined;
  const { orderId, goods, lines, amount, currency, restock, reason } = afterSale;
  const { refund, refundId, returnId } = await call("orders.after-sales.settle", {
    afterSaleId: afterSale.id,
    orderId,
    goods,
    lines: lines.map(({ lineId, quantity }) => ({ lineId, quantity })),
    amount: { amount, currency },
    restock: goods === "unshipped" || (restock ?? false),
    reason: `After-sale: ${reason}`,
  });
  return transaction(async (tx) => {
    const before = await afterSales.lock(due.id, "all", tx);
    if (!before || !owesRefund(before)) return before;
    const after = take(before, "refund", { refund: refund.amount }, now, terms);
    await saveStep(before, after, { step: "refund", actor, reason: null }, tx, dependencies);
    const told = { lines: eventLines(after), refund, refundId, returnId };
    tx.publish("after-sales.refunded", { ...eventBase(after), ...told });
    return after;
  });
}
