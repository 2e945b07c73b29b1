import { isShopError, ShopError } from "../../../mixins/contract/errors.ts";
import { newId } from "../../../mixins/contract/ids.ts";
import type { AfterSalesDependencies } from "../after-sales.dependencies.ts";
import type { AfterSaleWithLines } from "../domain/after-sale-model.ts";
import type { StepDetails } from "../domain/after-sale.ts";
import { take } from "../domain/after-sale.ts";
import { wereSentMeanwhile } from "../domain/request.ts";
import { illegalTransition } from "../domain/transitions.ts";
import { eventBase, eventLines } from "../present.ts";
import type { StepContext } from "./save-step.ts";
import { saveStep } from "./save-step.ts";

interface Approval {
  readonly step: "approve" | "uphold" | "uphold-received";
  readonly by: "merchant" | "staff" | "deadline";
  readonly actor: string;
  readonly reason: string | null;
}

/** An approval of a refund of unsent goods, which have been packed since. */
export class SentMeanwhile extends Error {
  override name = "SentMeanwhile";
}

/**
 * Approves a request: checks the goods, has the refund allowed or reserves the replacement, then decides in one
 * transaction. A crash before it leaves a reservation whose lease expires. When nobody answered and there is no
 * replacement, the request becomes one for a refund.
 *
 * @throws ShopError `illegal-transition`, `stock-shortage`, and those of `orders.after-sales.authorise`
 * @throws SentMeanwhile by the deadline only
 */
export async function approve(
  afterSale: AfterSaleWithLines,
  approval: Approval,
  context: StepContext,
  dependencies: AfterSalesDependencies,
): Promise<AfterSaleWithLines> {
  const { id, orderId, customerId, lines, status, amount, currency } = afterSale;
  const { step, by, actor, reason } = approval;
  // Refuses before anything is reserved.
  take(afterSale, step, {}, context.now, dependencies.terms);
  if (afterSale.goods === "unshipped") {
    const wanted = lines.map(({ lineId, quantity }) => ({ lineId, quantity }));
    const order = await context.call("orders.after-sales.goods", { orderId, customerId, lines: wanted });
    if (wereSentMeanwhile(afterSale.goods, lines, order))
      throw by === "deadline"
        ? new SentMeanwhile()
        : illegalTransition(status, "The goods have been packed or sent since; reject it, or unpack them");
  }
  const details = await remedyOf(afterSale, by, context, dependencies);
  const { replacementId = afterSale.replacementId } = details;
  const isNew = replacementId !== null && replacementId !== afterSale.replacementId;
  if ((details.remedy ?? afterSale.remedy) === "refund" && by !== "deadline")
    await context.call("orders.after-sales.authorise", {
      afterSaleId: id,
      orderId,
      amount: { amount, currency },
    });
  try {
    return await context.transaction(async (tx) => {
      const before = await dependencies.afterSales.lock(id, "all", tx);
      if (!before) throw new ShopError("not-found");
      const after = take(before, step, details, context.now, dependencies.terms);
      if (isNew && !(await dependencies.replacements.move(replacementId, "open", "promised", tx)))
        throw new ShopError("unavailable", "The reservation of the replacement has lapsed");
      await saveStep(before, after, { step, actor, reason }, tx, dependencies);
      const { remedy } = after;
      tx.publish("after-sales.approved", { ...eventBase(after), remedy, by, amount: { amount, currency } });
      if (isNew)
        tx.publish("after-sales.replacement-reserved", {
          ...eventBase(after),
          replacementId,
          lines: eventLines(after),
        });
      return after;
    });
  } catch (error) {
    if (isNew) await release(replacementId, context, dependencies);
    throw error;
  }
}

/** Reserves the replacement of an exchange, unless it is reserved. */
async function remedyOf(
  { id, remedy, replacementId, lines }: AfterSaleWithLines,
  by: Approval["by"],
  context: StepContext,
  { replacements }: AfterSalesDependencies,
): Promise<StepDetails> {
  if (remedy === "refund" || replacementId !== null) return {};
  const reserved = newId();
  await context.transaction((tx) => replacements.open(reserved, id, context.now, tx));
  try {
    await context.call("catalog.stock.reserve", {
      orderId: reserved,
      settledBy: "after-sales",
      lines: lines.map(({ variantId, quantity }) => ({ variantId, quantity })),
    });
    return { replacementId: reserved };
  } catch (error) {
    await context.transaction((tx) => replacements.move(reserved, "open", "abandoned", tx));
    if (by === "deadline" && isShopError(error, "stock-shortage")) return { remedy: "refund" };
    throw error;
  }
}

/** Compensates `remedyOf`. If it fails, the lease ends the reservation. */
async function release(
  replacementId: string,
  { call, transaction }: StepContext,
  { replacements, log }: AfterSalesDependencies,
): Promise<void> {
  try {
    // Unless the commit succeeded although it failed for its caller.
    if (await transaction((tx) => replacements.move(replacementId, "open", "abandoned", tx)))
      await call("catalog.stock.release", { orderId: replacementId });
  } catch (error) {
    log.warn(`replacement ${replacementId} stays reserved until its lease expires`, error);
  }
}
