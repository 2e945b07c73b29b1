import { z } from "zod";
import { money } from "../../../mixins/contract/money.ts";

/** A day in the shop's time zone. */
export const day = z.iso.date();

/** Longest period of a request, in days. */
export const maxDays = 400;

/** What is told of sales; amounts include the tax in prices. */
export const salesFigures = {
  ordersPlaced: z.int(),
  unitsPlaced: z.int(),
  grossPlaced: money.describe("Ordered goods before discount"),
  discountPlaced: money,
  ordersPaid: z.int(),
  unitsPaid: z.int(),
  grossPaid: money.describe("Paid goods before discount"),
  discountPaid: money,
  shippingPaid: money.describe("0 for products and categories"),
  ordersCancelled: z.int(),
  ordersExpired: z.int(),
  refunds: z.int().describe("0 for products and categories, as a refund is of an order"),
  refunded: money,
  returns: z.int(),
  unitsReturned: z.int(),
  returned: money.describe("Returned goods at the price that was paid; mostly part of `refunded`"),
  revenue: money.describe(
    "grossPaid − discountPaid + shippingPaid − refunded; for products and categories − returned",
  ),
} as const;

const merchantId = z
  .union([z.uuid().toLowerCase(), z.literal("shop")])
  .optional()
  .describe("Of one merchant; `shop`: the shop's own goods. Members of merchants see theirs only");

/** Params of figures of a period. */
export const period = {
  from: day.optional().describe("First day; 29 days before `to` when absent"),
  to: day.optional().describe("Last day; today when absent"),
} as const;

export const salesPeriod = { ...period, merchantId } as const;
