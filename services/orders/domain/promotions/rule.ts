/** The goods that a rule reaches. Categories include those below them. */
export interface RuleScope {
  readonly kind: "all" | "products" | "categories" | "brands" | "merchants";
  /** Empty for all goods. */
  readonly ids: readonly string[];
  /** Goods that it does not reach, of whatever kind the ids are. */
  readonly except?: readonly string[] | undefined;
}

/** From a threshold on; the highest one that is reached counts. */
interface Tier<Benefit> {
  readonly from: number;
  readonly benefit: Benefit;
}

/** Minor units, basis points and pieces. `price` and `price-percent` are catalogue prices: they come before the others. */
export type RuleAction =
  | { readonly kind: "percent"; readonly basisPoints: number }
  | { readonly kind: "amount"; readonly amountMinor: number }
  | {
      readonly kind: "spend";
      readonly tiers: readonly { readonly fromMinor: number; readonly offMinor: number }[];
    }
  | {
      readonly kind: "quantity";
      readonly tiers: readonly { readonly from: number; readonly basisPoints: number }[];
    }
  | {
      readonly kind: "buy-get";
      readonly buy: number;
      readonly get: number;
      /** Off the cheapest pieces: 10,000 makes them free. */
      readonly basisPoints: number;
    }
  | { readonly kind: "cheapest"; readonly pieces: number; readonly basisPoints: number }
  | { readonly kind: "free-shipping" }
  | { readonly kind: "price"; readonly unitPriceMinor: number }
  | { readonly kind: "price-percent"; readonly basisPoints: number };

/** Conditions of a rule; those that are absent are met. */
export interface RuleConditions {
  /** Value of the goods in scope, before any discount. */
  readonly minimumSubtotalMinor?: number | undefined;
  /** Pieces of the goods in scope. */
  readonly minimumQuantity?: number | undefined;
  /** Customer groups, one of which the customer must be in. */
  readonly groups?: readonly string[] | undefined;
  /** Destination countries (ISO 3166-1 alpha-2); a purchase without a destination meets none. */
  readonly countries?: readonly string[] | undefined;
}

/** A promotion as data. Amounts are minor units, times milliseconds since the Unix epoch. */
export interface Rule {
  readonly id: string;
  /** Incremented with each change. */
  readonly version: number;
  /** For customers. */
  readonly name: string;
  /** Who gives it: a merchant, whose goods alone it reaches, or null for the mall. */
  readonly merchantId: string | null;
  readonly active: boolean;
  /** Start, inclusive; null: no start. */
  readonly validFrom: number | null;
  /** End, exclusive; null: for good. */
  readonly validUntil: number | null;
  readonly scope: RuleScope;
  readonly conditions: RuleConditions;
  readonly action: RuleAction;
  /** Rules with a higher one come first. */
  readonly priority: number;
  /** Of rules with the same one, only the first that gives something applies. */
  readonly exclusiveGroup: string | null;
  /** False: applies only alone, when no rule before it did. */
  readonly combinable: boolean;
  /** False: gives way to a coupon. */
  readonly withCoupons: boolean;
  /** Maximum discount of an order; null: any. */
  readonly perOrderMinor: number | null;
  /** Maximum number of orders; null: any number. */
  readonly totalLimit: number | null;
  /** Maximum number of orders per customer; null: any number. */
  readonly perCustomerLimit: number | null;
  /** Maximum discount of all orders together; null: any. */
  readonly budgetMinor: number | null;
}

/** Why a rule does not apply to a purchase. */
export const ruleRefusals = [
  "paused",
  "not-yet-valid",
  "expired",
  "other-country",
  "other-group",
  "nothing-eligible",
  "minimum-not-reached",
  "quantity-not-reached",
  "no-effect",
  "coupon",
  "not-combinable",
  "exclusive-group",
  "exhausted",
  "customer-limit-reached",
  "budget-spent",
] as const;

export type RuleRefusal = (typeof ruleRefusals)[number];

/** Whether orders count their uses of it. */
export function isLimited({ totalLimit, perCustomerLimit, budgetMinor }: Rule): boolean {
  return totalLimit !== null || perCustomerLimit !== null || budgetMinor !== null;
}

export function isCataloguePrice({ action }: Pick<Rule, "action">): boolean {
  return action.kind === "price" || action.kind === "price-percent";
}

/** The benefit of the highest tier that `reached` reaches; undefined below the first. */
export function tierOf<Benefit>(tiers: readonly Tier<Benefit>[], reached: number): Benefit | undefined {
  return tiers.filter(({ from }) => reached >= from).toSorted((one, other) => other.from - one.from)[0]
    ?.benefit;
}
