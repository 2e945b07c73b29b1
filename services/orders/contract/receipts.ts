import { z } from "zod";
import { action, event } from "../../../mixins/contract/contract.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { order } from "./orders.ts";
import { merchantId, soldLines } from "./parts.ts";

/** Receipt actions of the orders contract. */
export const receiptActions = {
  "receipts.record": action({
    summary: "Confirm that you have received your goods",
    description:
      "Of one part, or of all that were shipped in full. Shipped goods are confirmed by themselves some days after delivery, or after shipping when no delivery is reported (`CONFIRM_RECEIPT_DAYS`). An open request for after-sale service delays both. Confirming again returns the order.",
    access: { buyerOf: "id" },
    route: { method: "POST", path: "/orders/{id}/receipts" },
    params: z.strictObject({ id, partId: id.optional().describe("Default: all parts shipped in full") }),
    result: order,
    errors: ["not-found", "illegal-transition"],
    idempotent: true,
    reads: "primary",
  }),
  "receipts.hold": action({
    summary: "Delay the receipt of an order, or of a part of it, while an after-sale is open",
    description: "Idempotent. The order is in the state `after-sale` until all its holds are released.",
    access: "internal",
    params: z.strictObject({ orderId: id, afterSaleId: id, partId: id.nullable().default(null) }),
    result: z.null(),
    errors: ["not-found"],
    idempotent: true,
    reads: "primary",
  }),
  "receipts.release": action({
    summary: "End the delay of an after-sale; the days until receipt start anew",
    description: "Idempotent. A hold of the same after-sale that arrives later has no effect.",
    access: "internal",
    params: z.strictObject({ orderId: id, afterSaleId: id }),
    result: z.null(),
    errors: ["not-found"],
    idempotent: true,
    reads: "primary",
  }),
};

export const receiptEvents = {
  received: event({
    summary: "A part of an order was received by the customer",
    about: { entity: "order", id: "orderId" },
    payload: z.strictObject({
      orderId: id,
      number: z.string(),
      customerId: id,
      partId: id,
      merchantId,
      by: z.enum(["customer", "system"]).describe("`system`: confirmed by itself after some days"),
      lines: soldLines.describe("As sold, without those returned in full"),
    }),
  }),
};
