import { z } from "zod";
import { action, event } from "../../../mixins/contract/contract.ts";
import { expectedVersion, text, timestamp } from "../../../mixins/contract/fields.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { money, priceMinor } from "../../../mixins/contract/money.ts";
import { page, pageParams } from "../../../mixins/contract/paging.ts";
import { merchantId } from "./parts.ts";

/** As customers type it, in any case. */
export const couponCode = z
  .string()
  .max(40)
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, "must be letters, digits, hyphens and underscores")
  .toUpperCase()
  .meta({ examples: ["WELCOME10"] });

export const couponRefusals = [
  "unknown",
  "inactive",
  "not-yet-valid",
  "expired",
  "not-claimed",
  "nothing-eligible",
  "minimum-not-reached",
  "exhausted",
  "customer-limit-reached",
] as const;

export type CouponRefusal = (typeof couponRefusals)[number];

/** Outcome of a coupon for a purchase. */
export const couponOutcome = z
  .strictObject({
    code: couponCode,
    reason: z.enum(couponRefusals).nullable().describe("Reason for no discount; null when it applies"),
    minimumSubtotal: money.nullable().describe("Required minimum, when that is the reason"),
  })
  .meta({ id: "CouponOutcome" });

const limit = z.int().min(1).max(1_000_000_000);
const basisPoints = z.int().min(1).max(10_000).describe("Hundredths of a percent: 1250 is 12.5 %");

const terms = {
  description: text(200).nullable().describe("For staff, or for the merchant's members"),
  validFrom: timestamp.nullable().describe("Start, inclusive; null: at once"),
  validUntil: timestamp.nullable().describe("End, exclusive; null: for good"),
  totalLimit: limit.nullable().describe("Maximum number of orders; null: any number"),
  perCustomerLimit: limit.nullable().describe("Maximum number of orders per customer; null: any number"),
  claimLimit: limit.nullable().describe("Of an offer: maximum number of claims; null: any number"),
  active: z.boolean().describe("False disables it"),
} as const;

const claimable = z
  .boolean()
  .describe("An offer, in `/coupon-offers`: only customers who have claimed it can use it");
const minimumSubtotalMinor = priceMinor.describe(
  "Minimum purchase of the goods in its scope before discount, in minor units",
);
const discountMinor = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("percent"), basisPoints }),
  z.strictObject({ kind: z.literal("fixed"), amountMinor: priceMinor.min(1).describe("In minor units") }),
]);

const scopeIds = z.array(id).min(1).max(100).describe("Others than existing ones match nothing");
export const couponScope = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("all") }),
    ...(["products", "categories", "brands", "merchants"] as const).map((kind) =>
      z.strictObject({ kind: z.literal(kind), ids: scopeIds }),
    ),
  ])
  .describe("The goods that it discounts; a category with those below it")
  .meta({ id: "CouponScope" });

export const shownDiscount = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("percent"), basisPoints }),
  z.strictObject({ kind: z.literal("fixed"), amount: money }),
]);

const coupon = z
  .strictObject({
    id,
    merchantId: merchantId.describe("Whose it is; null for the mall's"),
    code: couponCode,
    ...terms,
    discount: shownDiscount,
    scope: couponScope,
    minimumSubtotal: money,
    claimable,
    claims: z.int().describe("Number of customers who have claimed it"),
    uses: z.int().describe("Number of orders that use it, without cancelled and expired ones"),
    version: z.int().describe("Incremented with each change"),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: "Coupon" });

const read = { merchantOr: "orders:read" } as const;
const write = { merchantOr: "orders:write" } as const;
const headers = { expectedVersion: "If-Match" };

export const couponActions = {
  "coupons.list": action({
    summary: "List coupons: your merchants', or all for staff",
    access: read,
    route: { method: "GET", path: "/coupons" },
    params: z.strictObject({
      ...pageParams(["code", "createdAt"], "-createdAt"),
      active: z.boolean().optional(),
      merchantId: id.optional(),
    }),
    result: page(coupon),
    errors: [],
    idempotent: true,
  }),
  "coupons.create": action({
    summary: "Make a coupon",
    description:
      "It discounts the goods of its scope by a percentage or an amount, but not shipping. Customers apply it to a cart by its code, and placing the order counts one use; a cancelled or expired order gives the use back. A merchant's coupon discounts goods of that merchant only, and the merchant bears the discount.",
    access: write,
    movesMoney: true,
    route: { method: "POST", path: "/coupons", status: 201, location: "/coupons/{code}" },
    params: z.strictObject({
      code: couponCode,
      merchantId: merchantId
        .optional()
        .describe(
          "Whose it is. Staff: null, the default, is the mall; members: one of theirs, by default the only one",
        ),
      discount: discountMinor,
      scope: couponScope.default({ kind: "all" }),
      minimumSubtotalMinor: minimumSubtotalMinor.default(0),
      description: terms.description.default(null),
      validFrom: terms.validFrom.default(null),
      validUntil: terms.validUntil.default(null),
      totalLimit: terms.totalLimit.default(null),
      perCustomerLimit: terms.perCustomerLimit.default(null),
      claimable: claimable.default(false),
      claimLimit: terms.claimLimit.default(null),
      active: terms.active.default(true),
    }),
    result: coupon,
    errors: ["already-exists", "not-found", "approval-required"],
    idempotent: false,
  }),
  "coupons.get": action({
    summary: "A coupon",
    access: read,
    route: { method: "GET", path: "/coupons/{code}" },
    params: z.strictObject({ code: couponCode }),
    result: coupon,
    errors: ["not-found"],
    idempotent: true,
  }),
  "coupons.update": action({
    summary: "Change a coupon",
    description: "Placed orders keep their discount. Its limits cannot be less than its uses and claims.",
    access: write,
    movesMoney: true,
    route: { method: "PATCH", path: "/coupons/{code}", headers },
    params: z.strictObject({
      code: couponCode,
      expectedVersion,
      discount: discountMinor.optional(),
      scope: couponScope.optional(),
      minimumSubtotalMinor: minimumSubtotalMinor.optional(),
      description: terms.description.optional(),
      validFrom: terms.validFrom.optional(),
      validUntil: terms.validUntil.optional(),
      totalLimit: terms.totalLimit.optional(),
      perCustomerLimit: terms.perCustomerLimit.optional(),
      claimLimit: terms.claimLimit.optional(),
      active: terms.active.optional(),
    }),
    result: coupon,
    errors: ["not-found", "precondition-failed", "limit-reached", "approval-required"],
    idempotent: false,
  }),
  "coupons.remove": action({
    summary: "Remove a coupon",
    description:
      "A used coupon cannot be removed; disable it instead (`active`). It disappears from the customers who have claimed it.",
    access: write,
    route: { method: "DELETE", path: "/coupons/{code}", headers },
    params: z.strictObject({ code: couponCode, expectedVersion: expectedVersion.optional() }),
    result: z.null(),
    errors: ["not-found", "in-use", "precondition-failed"],
    idempotent: true,
  }),
} as const;

/** Changed fields only, before and after. */
const snapshot = z.record(z.string(), z.unknown()).nullable();

export const couponEvents = {
  "coupon-changed": event({
    summary: "A coupon was created, changed or removed",
    about: { entity: "coupon", id: "couponId" },
    payload: z.strictObject({
      couponId: id,
      code: z.string(),
      change: z.enum(["created", "updated", "removed"]),
      before: snapshot,
      after: snapshot,
    }),
  }),
};
