import type { Tx } from "../../../mixins/database/database.ts";
import type { EventPayload } from "../../../mixins/contract/calls.ts";
import type { AfterSalesDependencies } from "../after-sales.dependencies.ts";
import type { DueAfterSale } from "../data/after-sale-repository.ts";
import type { AfterSaleWithLines } from "../domain/after-sale-model.ts";
import { stepWhenDue } from "../domain/after-sale.ts";
import type { AfterSaleStatus, AfterSaleStep } from "../domain/transitions.ts";
import { illegalTransition } from "../domain/transitions.ts";
import { eventBase } from "../present.ts";
import { approve, SentMeanwhile } from "./approve.ts";
import type { StepContext } from "./save-step.ts";
import { takeStep } from "./take-step.ts";

type Because = EventPayload<"after-sales.closed">["because"];
type Step = Exclude<AfterSaleStep, "request">;

/** Why an after-sale lapses in a status. */
const becauseOf: Partial<Record<AfterSaleStatus, Because>> = {
  requested: "sent-meanwhile",
  rejected: "not-escalated",
  approved: "not-sent-back",
};

/**
 * Ends the status of an after-sale whose timer has run out.
 *
 * @throws ShopError `illegal-transition` when somebody was faster
 */
export async function endStatus(
  { id, at }: DueAfterSale,
  actor: string,
  context: StepContext,
  dependencies: AfterSalesDependencies,
): Promise<void> {
  const found = await dependencies.afterSales.byId(id, "all");
  const step = found && found.dueAt === at ? stepWhenDue(found) : undefined;
  if (!found || !step) return;
  if (step !== "approve") return end(found, step, actor, context, dependencies);
  try {
    await approve(found, { step, by: "deadline", actor, reason: null }, context, dependencies);
  } catch (error) {
    if (!(error instanceof SentMeanwhile)) throw error;
    await end(found, "lapse", actor, context, dependencies);
  }
}

async function end(
  { id, dueAt, status }: AfterSaleWithLines,
  step: Step,
  actor: string,
  context: StepContext,
  dependencies: AfterSalesDependencies,
): Promise<void> {
  const isReceipt = step === "receive";
  await takeStep(
    {
      id,
      visible: "all",
      step,
      actor,
      // Nobody has looked at the goods.
      details: isReceipt ? { restock: false } : step === "refund-instead" ? { remedy: "refund" } : {},
      assert(before) {
        if (before.dueAt !== dueAt) throw illegalTransition(before.status, "Its time was extended");
      },
      publish: (after, tx) => publish(after, step, status, tx),
    },
    context,
    dependencies,
  );
}

function publish(after: AfterSaleWithLines, step: Step, from: AfterSaleStatus, tx: Tx): void {
  const base = eventBase(after);
  const { remedy } = after;
  if (step === "remind") tx.publish("after-sales.overdue", base);
  if (step === "receive")
    tx.publish("after-sales.received", { ...base, remedy, by: "deadline", restocked: false });
  const because = step === "lapse" ? becauseOf[from] : undefined;
  if (because) tx.publish("after-sales.closed", { ...base, because });
}
