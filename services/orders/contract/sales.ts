import { z } from "zod";
import { action } from "../../../mixins/contract/contract.ts";
import { timestamp } from "../../../mixins/contract/fields.ts";
import { id } from "../../../mixins/contract/ids.ts";

const merchantId = id.nullable().describe("null for the shop itself");
const amount = z.int().describe("Minor units");

/** What became of an order, for those who count sales. */
const sale = z.strictObject({
  orderId: id,
  lines: z.array(
    z.strictObject({ productId: id, merchantId, quantity: z.int(), unitPrice: amount, discount: amount }),
  ),
  shipping: z.array(z.strictObject({ merchantId, amount })),
  steps: z.array(
    z.strictObject({ event: z.enum(["placed", "paid", "cancelled", "expired"]), at: timestamp }),
  ),
  refunds: z
    .array(
      z.strictObject({
        refundId: id,
        at: timestamp,
        parts: z.array(z.strictObject({ merchantId, amount })),
      }),
    )
    .describe("Those that were given; without refunds of late payments, which paid for no order"),
  returns: z.array(
    z.strictObject({
      returnId: id,
      at: timestamp,
      refund: amount,
      lines: z.array(z.strictObject({ productId: id, merchantId, quantity: z.int(), unitPrice: amount })),
    }),
  ),
});

/** Action of the orders contract for recounting sales. */
export const salesActions = {
  "sales.list": action({
    summary: "List orders by time of placement, with what became of them",
    access: "internal",
    params: z.strictObject({
      from: timestamp,
      before: timestamp,
      after: z
        .strictObject({ placedAt: timestamp, orderId: id })
        .optional()
        .describe("The last order of the page before"),
      limit: z.int().min(1).max(200).default(100),
    }),
    result: z.strictObject({ items: z.array(sale) }),
    errors: [],
    idempotent: true,
    reads: "primary",
  }),
};
