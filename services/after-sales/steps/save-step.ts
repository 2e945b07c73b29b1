import type { TypedCall } from "../../../mixins/contract/calls.ts";
import type { Tx } from "../../../mixins/database/database.ts";
import type { AfterSalesDependencies } from "../after-sales.dependencies.ts";
import type { StepEntry } from "../data/step-repository.ts";
import type { AfterSaleWithLines } from "../domain/after-sale-model.ts";
import { illegalTransition, isOpen } from "../domain/transitions.ts";
import { eventBase } from "../present.ts";

/** What takes a step: an action or a job. */
export interface StepContext {
  readonly now: number;
  readonly call: TypedCall;
  readonly transaction: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;
}

/**
 * Saves a step with its entry in the timeline. With the last one, its units of the order lines are free again, or
 * refunded for good; a replacement that is not to be sent any more is released.
 *
 * @throws ShopError `illegal-transition` on a concurrent change
 */
export async function saveStep(
  before: AfterSaleWithLines,
  after: AfterSaleWithLines,
  entry: StepEntry,
  tx: Tx,
  { afterSales, steps, claims, replacements }: AfterSalesDependencies,
): Promise<void> {
  if (!(await afterSales.update(after, tx)))
    throw illegalTransition(before.status, "The after-sale was changed concurrently");
  await steps.add(after, entry, tx);
  if (after.status === "refunded") await claims.settle(after.lines, after.goods, tx);
  else if (isOpen(before.status) && !isOpen(after.status)) await claims.release(after.lines, tx);
  const { replacementId } = before;
  if (replacementId === null) return;
  const isReleased = after.replacementId === null;
  if (!isReleased && after.status !== "replaced") return;
  if (!(await replacements.move(replacementId, "promised", isReleased ? "released" : "sent", tx)))
    throw new Error(`replacement ${replacementId} is not promised`);
  if (isReleased) tx.publish("after-sales.replacement-released", { ...eventBase(after), replacementId });
}
