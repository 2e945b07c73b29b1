import { z } from "zod";
import { id } from "../../../mixins/contract/ids.ts";
import { money } from "../../../mixins/contract/money.ts";

/**
 * What events tell of an order's lines and of its parts, one part per merchant. Fields that events of an earlier
 * version lack are optional.
 */

export const merchantId = id.nullable().describe("null for the shop itself");

/** Lines as sold. */
export const soldLines = z.array(
  z.strictObject({
    variantId: id,
    quantity: z.int(),
    lineId: id.optional(),
    productId: id.optional(),
    name: z.string().optional().describe("The product's, when the order was placed"),
    merchantId: merchantId.optional(),
    categoryIds: z
      .array(id)
      .optional()
      .describe("Of a merchant's product: its category and those above it, from the innermost out"),
    unitPrice: money.optional(),
    discount: money.optional().describe("The line's share of the order's discount"),
  }),
);

/** Returned goods. */
export const returnedLines = z.array(
  z.strictObject({
    variantId: id,
    quantity: z.int(),
    lineId: id.optional(),
    productId: id.optional(),
    merchantId: merchantId.optional(),
    refund: money.optional().describe("For these goods"),
  }),
);

/** The parts that an order consists of. */
export const orderParts = z.array(
  z.strictObject({
    partId: id,
    merchantId,
    subtotal: money,
    discount: money,
    shipping: money,
    total: money.describe("subtotal − discount + shipping"),
  }),
);

/** How an amount is shared by the parts of an order. */
export const partAmounts = z.array(z.strictObject({ partId: id, merchantId, amount: money }));
