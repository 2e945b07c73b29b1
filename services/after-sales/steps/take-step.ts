import { isShopError, ShopError } from "../../../mixins/contract/errors.ts";
import type { Tx } from "../../../mixins/database/database.ts";
import type { AfterSalesDependencies } from "../after-sales.dependencies.ts";
import type { Visibility } from "../data/after-sale-repository.ts";
import type { AfterSaleWithLines } from "../domain/after-sale-model.ts";
import type { StepDetails } from "../domain/after-sale.ts";
import { take } from "../domain/after-sale.ts";
import type { AfterSaleStep } from "../domain/transitions.ts";
import type { StepContext } from "./save-step.ts";
import { saveStep } from "./save-step.ts";

/** A step that needs nothing from other services. */
export interface Step {
  readonly id: string;
  readonly visible: Visibility;
  readonly step: Exclude<AfterSaleStep, "request">;
  readonly actor: string;
  readonly reason?: string | null;
  readonly details?: StepDetails;
  /** Refuses the step, by the after-sale under its lock. */
  readonly assert?: (before: AfterSaleWithLines) => void;
  readonly publish: (after: AfterSaleWithLines, tx: Tx) => void;
}

/**
 * Takes a step of an after-sale under its lock. Repeating one's own step returns the after-sale as it is.
 *
 * @throws ShopError `not-found`, `illegal-transition`
 */
export async function takeStep(
  { id, visible, step, actor, reason = null, details = {}, assert, publish }: Step,
  { now, transaction }: StepContext,
  dependencies: AfterSalesDependencies,
): Promise<AfterSaleWithLines> {
  return transaction(async (tx) => {
    const before = await dependencies.afterSales.lock(id, visible, tx);
    if (!before) throw new ShopError("not-found");
    assert?.(before);
    let after: AfterSaleWithLines;
    try {
      after = take(before, step, details, now, dependencies.terms);
    } catch (error) {
      if (!isShopError(error, "illegal-transition")) throw error;
      if (await dependencies.steps.wasTakenBy(id, [step], actor, tx)) return before;
      throw error;
    }
    await saveStep(before, after, { step, actor, reason }, tx, dependencies);
    publish(after, tx);
    return after;
  });
}
