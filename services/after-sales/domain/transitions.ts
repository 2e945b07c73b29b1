import { ShopError } from "../../../mixins/contract/errors.ts";

export const afterSaleStatuses = [
  "requested",
  "rejected",
  "disputed",
  "approved",
  "sent-back",
  "received",
  "refunded",
  "replaced",
  "withdrawn",
  "closed",
] as const;
export type AfterSaleStatus = (typeof afterSaleStatuses)[number];

/**
 * Steps of an after-sale. `uphold` and `dismiss` are the staff's decision of a dispute; `uphold-received` is the
 * former when the goods were sent back already. `remind` tells that a decision is overdue. `refund-instead` gives
 * up the replacement. `lapse` ends what nobody went on with.
 */
export const afterSaleSteps = [
  "request",
  "approve",
  "reject",
  "withdraw",
  "escalate",
  "uphold",
  "uphold-received",
  "dismiss",
  "remind",
  "send-back",
  "receive",
  "refund-instead",
  "refund",
  "replace",
  "lapse",
] as const;
export type AfterSaleStep = (typeof afterSaleSteps)[number];

type NextStep = Exclude<AfterSaleStep, "request">;

/** Transition table; missing transitions are illegal. `after-sale.ts` restricts some of them by kind. */
export const transitions = {
  requested: { approve: "approved", reject: "rejected", withdraw: "withdrawn", lapse: "closed" },
  rejected: { escalate: "disputed", withdraw: "withdrawn", lapse: "closed" },
  disputed: {
    uphold: "approved",
    "uphold-received": "received",
    dismiss: "closed",
    withdraw: "withdrawn",
    remind: "disputed",
  },
  approved: { "send-back": "sent-back", refund: "refunded", withdraw: "withdrawn", lapse: "closed" },
  "sent-back": { receive: "received", reject: "rejected" },
  received: { refund: "refunded", replace: "replaced", "refund-instead": "received" },
  refunded: {},
  replaced: {},
  withdrawn: {},
  closed: {},
} as const satisfies Record<AfterSaleStatus, Partial<Record<NextStep, AfterSaleStatus>>>;

/** Statuses in which something is still to happen. */
export const openStatuses = afterSaleStatuses.filter((status) => Object.keys(transitions[status]).length > 0);

export function isOpen(status: AfterSaleStatus): boolean {
  return openStatuses.includes(status);
}

/**
 * Status after a step.
 *
 * @throws ShopError `illegal-transition` with the present status as `from`
 */
export function transition(from: AfterSaleStatus, step: NextStep): AfterSaleStatus {
  const steps: Partial<Record<NextStep, AfterSaleStatus>> = transitions[from];
  const to = steps[step];
  if (!to) throw illegalTransition(from, `Not possible for an after-sale that is ${from}`);
  return to;
}

/** For steps that the table allows but a rule forbids. */
export function illegalTransition(from: AfterSaleStatus, detail: string): ShopError {
  return new ShopError("illegal-transition", detail, { from });
}
