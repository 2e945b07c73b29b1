import type { AfterSale } from "./after-sale-model.ts";
import type { Deadlines } from "./deadlines.ts";
import { dueAt, never, owesRefund } from "./deadlines.ts";
import type { AfterSaleStep } from "./transitions.ts";
import { illegalTransition, isOpen, transition } from "./transitions.ts";

type Step = Exclude<AfterSaleStep, "request">;

/** What steps bring along. */
export type StepDetails = Partial<
  Pick<
    AfterSale,
    | "remedy"
    | "refund"
    | "restock"
    | "returnCarrier"
    | "returnTracking"
    | "replacementId"
    | "replacementCarrier"
    | "replacementTracking"
  >
>;

/**
 * Takes a step: status, deadline and what is owed follow.
 *
 * @throws ShopError `illegal-transition`
 */
export function take<A extends AfterSale>(
  afterSale: A,
  step: Step,
  details: StepDetails,
  now: number,
  terms: Deadlines,
): A {
  const status = transition(afterSale.status, step);
  assertOfKind(afterSale, step);
  const next = { ...afterSale, ...details, status };
  const at = Math.max(now, afterSale.updatedAt);
  return {
    ...next,
    dueAt: dueAt(next, at, terms),
    refundAt: owesRefund(next) ? at : never,
    holdAt: isOpen(status) ? afterSale.holdAt : at,
    sentBackAt: step === "send-back" ? at : afterSale.sentBackAt,
    replacementId: keepsReplacement(next) ? next.replacementId : null,
    version: afterSale.version + 1,
    updatedAt: at,
  };
}

/** Whether a reserved replacement may still be sent, or was. */
function keepsReplacement({ status, remedy }: AfterSale): boolean {
  return remedy === "replacement" && (isOpen(status) || status === "replaced");
}

/** Rules that depend on more than the status. */
function assertOfKind({ kind, remedy, status, sentBackAt }: AfterSale, step: Step): void {
  const refuse = (detail: string): never => {
    throw illegalTransition(status, detail);
  };
  const comesBack = kind !== "refund-only";
  if (step === "send-back" && !comesBack) refuse("No goods are to be sent back");
  if (step === "withdraw" && sentBackAt !== null) refuse("The goods were sent back already");
  if (status === "approved" && (step === "withdraw" || step === "lapse") && !comesBack)
    refuse("It is being refunded");
  if (status === "approved" && step === "refund" && comesBack) refuse("The goods have not come back");
  if (status === "received" && step === "refund" && remedy !== "refund")
    refuse("A replacement is to be sent");
  if ((step === "replace" || step === "refund-instead") && remedy !== "replacement")
    refuse("It is to be refunded");
  if (step === "uphold" && sentBackAt !== null) refuse("The goods were sent back already");
  if (step === "uphold-received" && sentBackAt === null) refuse("The goods were not sent back");
}

/** The step by which a status ends when its time is over. */
export function stepWhenDue({ status, kind }: Pick<AfterSale, "status" | "kind">): Step | undefined {
  switch (status) {
    case "requested":
      return "approve";
    case "rejected":
      return "lapse";
    case "disputed":
      return "remind";
    case "approved":
      return kind === "refund-only" ? undefined : "lapse";
    case "sent-back":
      return "receive";
    case "received":
      return "refund-instead";
    case "refunded":
    case "replaced":
    case "withdrawn":
    case "closed":
      return undefined;
    default:
      return status satisfies never;
  }
}
