import type { Input } from "../../../../mixins/contract/calls.ts";

/** What becomes of an order, beside what after-sales and reviews make of it. */
export type Outcome =
  | "to-pay"
  | "expired"
  | "cancelled"
  | "cancelled-paid"
  | "to-ship"
  | "packed"
  | "partly-shipped"
  | "shipped"
  | "delivered"
  | "received"
  | "partly-refunded"
  | "refunded"
  | "returned";

/** How many orders end so. Those received are reviewed by most buyers. */
export const outcomes: Readonly<Record<Outcome, number>> = {
  "to-pay": 7,
  expired: 3,
  cancelled: 5,
  "cancelled-paid": 3,
  "to-ship": 11,
  packed: 4,
  "partly-shipped": 6,
  shipped: 10,
  delivered: 8,
  received: 84,
  "partly-refunded": 2,
  refunded: 2,
  returned: 3,
};

/** One order each of the first customer, beside those with after-sales. */
export const showcase: readonly Outcome[] = [
  "to-pay",
  "to-ship",
  "partly-shipped",
  "shipped",
  "delivered",
  "received",
  "received",
  "cancelled",
];

const day = 86_400_000;

/** Coupons that apply, and one for each reason why one may not. */
export function demoCoupons(now: number): readonly Input<"orders.coupons.create">[] {
  const at = (days: number) => new Date(now + days * day).toISOString();
  return [
    {
      code: "WELCOME10",
      discount: { kind: "percent", basisPoints: 1000 },
      description: "For new customers",
      perCustomerLimit: 1,
    },
    {
      code: "THREE-OFF",
      discount: { kind: "fixed", amountMinor: 300 },
      minimumSubtotalMinor: 3000,
      description: "From a value on",
    },
    {
      code: "FIRST-FIVE",
      discount: { kind: "percent", basisPoints: 1500 },
      description: "For five orders only",
      totalLimit: 5,
    },
    {
      code: "NEXT-WEEK",
      discount: { kind: "percent", basisPoints: 2000 },
      description: "Not yet valid",
      validFrom: at(7),
      validUntil: at(21),
    },
    {
      code: "LAST-SUMMER",
      discount: { kind: "percent", basisPoints: 2500 },
      description: "Expired",
      validUntil: at(-1),
    },
    {
      code: "PAUSED",
      discount: { kind: "fixed", amountMinor: 500 },
      description: "Switched off",
      active: false,
    },
  ];
}

/** The codes that customers try. */
export const usableCodes = ["WELCOME10", "THREE-OFF", "FIRST-FIVE"] as const;

export const carriers = ["Swift Parcel", "Northern Post", "Blue Van"] as const;

/** What visitors search for; the last ones find nothing. */
export const searches = [
  "tea",
  "coffee",
  "phone",
  "headphones",
  "keyboard",
  "running shoes",
  "lamp",
  "dress",
  "linen",
  "手机",
  "茶",
  "靴",
  "surfboard",
  "lawn mower",
] as const;
