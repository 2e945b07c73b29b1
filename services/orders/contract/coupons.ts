import { z } from "zod";
import { action, event } from "../../contract/contract.ts";
import { expectedVersion, text, timestamp } from "../../contract/fields.ts";
import { id } from "../../contract/ids.ts";
import { money, priceMinor } from "../../contract/money.ts";
import { page, pageParams } from "../../contract/paging.ts";

/** As customers type it, in capitals or not. */
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
  "minimum-not-reached",
  "exhausted",
  "customer-limit-reached",
] as const;

export type CouponRefusal = (typeof couponRefusals)[number];

/** What a coupon does for a purchase. */
export const couponOutcome = z
  .strictObject({
    code: couponCode,
    reason: z.enum(couponRefusals).nullable().describe("Why it takes nothing off; null when it does what it can"),
    minimumSubtotal: money.nullable().describe("How much must be bought, when that is the reason"),
  })
  .meta({ id: "CouponOutcome" });

const limit = z.int().min(1).max(1_000_000_000);
const basisPoints = z.int().min(1).max(10_000).describe("Hundredths of a percent: 1250 is 12.5 %");

const terms = {
  description: text(200).nullable().describe("For the shop's staff"),
  validFrom: timestamp.nullable().describe("From then on; null: at once"),
  validUntil: timestamp.nullable().describe("Until just before then; null: for good"),
  totalLimit: limit.nullable().describe("How many orders can use it; null: any number"),
  perCustomerLimit: limit.nullable().describe("How many orders of one customer can use it; null: any number"),
  active: z.boolean().describe("Whether it can be used at all"),
} as const;

const minimumSubtotalMinor = priceMinor.describe("How much must be bought, before discount, in minor units");
const discountMinor = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("percent"), basisPoints }),
  z.strictObject({ kind: z.literal("fixed"), amountMinor: priceMinor.min(1).describe("In minor units") }),
]);

const coupon = z
  .strictObject({
    id,
    code: couponCode,
    ...terms,
    discount: z.discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("percent"), basisPoints }),
      z.strictObject({ kind: z.literal("fixed"), amount: money }),
    ]),
    minimumSubtotal: money,
    uses: z.int().describe("How many orders use it, without the cancelled and expired ones"),
    version: z.int().describe("Grows with each change by staff"),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: "Coupon" });

const read = { permission: "orders:read" } as const;
const write = { permission: "orders:write" } as const;
const headers = { expectedVersion: "If-Match" };

export const couponActions = {
  "coupons.list": action({
    summary: "Coupons",
    access: read,
    route: { method: "GET", path: "/coupons" },
    params: z.strictObject({ ...pageParams(["code", "createdAt"], "-createdAt"), active: z.boolean().optional() }),
    result: page(coupon),
    errors: [],
    idempotent: true,
  }),
  "coupons.create": action({
    summary: "Make a coupon",
    description:
      "It takes a percentage or an amount off the goods, never off shipping. A customer puts it on a cart by its code, and the order that is placed with it uses it up once; a cancelled or expired order gives its use back.",
    access: write,
    route: { method: "POST", path: "/coupons", status: 201, location: "/coupons/{code}" },
    params: z.strictObject({
      code: couponCode,
      discount: discountMinor,
      minimumSubtotalMinor: minimumSubtotalMinor.default(0),
      description: terms.description.default(null),
      validFrom: terms.validFrom.default(null),
      validUntil: terms.validUntil.default(null),
      totalLimit: terms.totalLimit.default(null),
      perCustomerLimit: terms.perCustomerLimit.default(null),
      active: terms.active.default(true),
    }),
    result: coupon,
    errors: ["already-exists"],
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
    description: "Orders that were placed with it stay as they are. Its total limit cannot be less than its uses.",
    access: write,
    route: { method: "PATCH", path: "/coupons/{code}", headers },
    params: z.strictObject({
      code: couponCode,
      expectedVersion,
      discount: discountMinor.optional(),
      minimumSubtotalMinor: minimumSubtotalMinor.optional(),
      description: terms.description.optional(),
      validFrom: terms.validFrom.optional(),
      validUntil: terms.validUntil.optional(),
      totalLimit: terms.totalLimit.optional(),
      perCustomerLimit: terms.perCustomerLimit.optional(),
      active: terms.active.optional(),
    }),
    result: coupon,
    errors: ["not-found", "precondition-failed", "limit-reached"],
    idempotent: false,
  }),
  "coupons.remove": action({
    summary: "Remove a coupon",
    description: "One that orders use stays for their sake; switch it off instead (`active`).",
    access: write,
    route: { method: "DELETE", path: "/coupons/{code}", headers },
    params: z.strictObject({ code: couponCode, expectedVersion: expectedVersion.optional() }),
    result: z.null(),
    errors: ["not-found", "in-use", "precondition-failed"],
    idempotent: true,
  }),
} as const;

/** What changed, before and after, as far as it differs. */
const snapshot = z.record(z.string(), z.unknown()).nullable();

export const couponEvents = {
  "coupon-changed": event({
    summary: "Staff made, changed or removed a coupon",
    payload: z.strictObject({
      couponId: id,
      code: z.string(),
      change: z.enum(["created", "updated", "removed"]),
      before: snapshot,
      after: snapshot,
    }),
  }),
};
