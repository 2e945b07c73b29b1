import type { AfterSalesDependencies } from "../after-sales.dependencies.ts";
import type { AfterSaleWithLines } from "../domain/after-sale-model.ts";
import { owesRefund } from "../domain/deadlines.ts";
import { giveRefund } from "./give-refund.ts";
import type { StepContext } from "./save-step.ts";

/** The shop, which gives what was allowed. */
export const refunder = "system:after-sales.give-refunds";

/** Gives an owed refund at once. If that fails, the job `give-refunds` does it. */
export async function refundNow(
  afterSale: AfterSaleWithLines,
  context: StepContext,
  dependencies: AfterSalesDependencies,
): Promise<AfterSaleWithLines> {
  if (!owesRefund(afterSale)) return afterSale;
  const { id, refundAt: at } = afterSale;
  try {
    return (await giveRefund({ id, at }, context, refunder, dependencies)) ?? afterSale;
  } catch (error) {
    dependencies.log.warn(`the refund of after-sale ${id} has to wait`, error);
    return afterSale;
  }
}
