import { ShopError } from "../../../mixins/contract/errors.ts";
import type { MerchantStatus } from "../merchants.contract.ts";

/** Published reviews of a merchant's products, counted by their stars. */
export interface Rating {
  /** To two decimals; null without reviews. */
  readonly average: number | null;
  readonly count: number;
  readonly stars: Readonly<Record<1 | 2 | 3 | 4 | 5, number>>;
}

export const noRating: Rating = { average: null, count: 0, stars: { 1: 0, 2: 0, 3: 0, 4: 0, 5: 0 } };

/** Steps that staff take. */
export type MerchantStep = "approve" | "reject" | "suspend" | "resume" | "close";

/** Transition table; missing transitions are illegal. */
export const transitions = {
  pending: { approve: "active", reject: "rejected" },
  active: { suspend: "suspended", close: "closed" },
  suspended: { resume: "active", close: "closed" },
  rejected: {},
  closed: {},
} as const satisfies Record<MerchantStatus, Partial<Record<MerchantStep, MerchantStatus>>>;

/**
 * Status after a step.
 *
 * @throws ShopError `illegal-transition` with the present status as `from`
 */
export function transition(from: MerchantStatus, step: MerchantStep): MerchantStatus {
  const steps: Partial<Record<MerchantStep, MerchantStatus>> = transitions[from];
  const to = steps[step];
  if (!to) throw new ShopError("illegal-transition", `Not possible for a merchant that is ${from}`, { from });
  return to;
}

/** Whether the merchant's members may all leave. */
export function isFinal(status: MerchantStatus): boolean {
  return Object.keys(transitions[status]).length === 0;
}
