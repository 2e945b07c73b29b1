import { z } from "zod";
import { action } from "../../../mixins/contract/contract.ts";
import { text, timestamp } from "../../../mixins/contract/fields.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { money } from "../../../mixins/contract/money.ts";
import { orderStatus } from "./orders.ts";
import { merchantId } from "./parts.ts";

const lines = z
  .array(z.strictObject({ lineId: id, quantity: z.int().min(1).max(1_000_000) }))
  .min(1)
  .max(100);

/** For the service `after-sales`: an order's goods, and its money by the rules for refunds and returns. */
export const afterSalesActions = {
  "after-sales.goods": action({
    summary: "What an after-sale request needs to know of an order's goods",
    access: "internal",
    params: z.strictObject({ orderId: id, customerId: id, lines: lines.optional() }),
    result: z.strictObject({
      orderId: id,
      number: z.string(),
      currency: z.string(),
      lines: z
        .array(
          z.strictObject({
            lineId: id,
            variantId: id,
            productId: id,
            merchantId,
            partId: id,
            status: orderStatus.describe("Of the part of the order that has the line"),
            arrivedAt: timestamp
              .nullable()
              .describe("When that part was delivered or its receipt confirmed, whichever came first"),
            sku: z.string(),
            name: z.string(),
            options: z.record(z.string(), z.string()),
            bought: z.int(),
            returned: z.int(),
            unpacked: z.int().describe("Neither packed, shipped nor returned"),
            kept: z.int().describe("Shipped and not returned"),
            worth: money.describe("What was paid for the units in question, after discount"),
          }),
        )
        .describe("The lines in question, in their order; all when none are named"),
    }),
    errors: ["not-found"],
    idempotent: true,
    reads: "primary",
  }),
  "after-sales.authorise": action({
    summary: "Check whether the caller may have an after-sale refunded",
    description:
      "Counts the amount against the caller's limit of the day, once for each after-sale, and asks for a second person's approval of a large one.",
    access: "internal",
    params: z.strictObject({ afterSaleId: id, orderId: id, amount: money }),
    result: z.null(),
    errors: ["not-found", "limit-reached", "approval-required"],
    idempotent: true,
    reads: "primary",
  }),
  "after-sales.settle": action({
    summary: "Refund an after-sale: once, at most what is left of the order's money and goods",
    description:
      "Goods that came back, or that were not sent, are returned at the price that was paid; for goods that the customer keeps, the given amount is refunded. The lines are of one merchant. Repeating it returns the first result, however late.",
    access: "internal",
    params: z.strictObject({
      afterSaleId: id,
      orderId: id,
      goods: z.enum(["unshipped", "returned", "kept"]),
      lines,
      amount: money.describe("For goods that are kept"),
      restock: z.boolean(),
      reason: text(200),
    }),
    result: z.strictObject({
      refund: money.describe("0 when nothing was left to refund"),
      returnId: id.nullable(),
      refundId: id.nullable(),
    }),
    errors: ["not-found"],
    idempotent: true,
    reads: "primary",
  }),
};
