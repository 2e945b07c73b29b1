import { z } from "zod";
import { event } from "../../../mixins/contract/contract.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { money } from "../../../mixins/contract/money.ts";
import { guestReach } from "../../users/users.contract.ts";
import { guestContact } from "./orders.ts";
import { orderParts, soldLines } from "./parts.ts";

export const orderEvents = {
  placed: event({
    summary: "A customer placed an order; its stock is reserved",
    about: { entity: "order", id: "orderId" },
    payload: z.strictObject({
      orderId: id,
      number: z.string(),
      customerId: id,
      cartId: id,
      lines: soldLines,
      parts: orderParts.optional(),
      total: money,
      coupon: z.string().optional().describe("The code of the coupon that it uses, if any"),
      guest: guestContact.optional().describe("Of an order without an account"),
    }),
    confidential: ["guest"],
  }),
  "guest-placed": event({
    summary: "An order was placed without an account",
    about: { entity: "order", id: "orderId" },
    payload: z.strictObject({ guestId: id, orderId: id, number: z.string(), ...guestReach }),
    internal: true,
  }),
  cancelled: event({
    summary: "An order was cancelled",
    about: { entity: "order", id: "orderId" },
    payload: z.strictObject({
      orderId: id,
      number: z.string(),
      customerId: id,
      reason: z.string(),
      refund: money.describe("Refund due; 0 when it was not paid"),
    }),
  }),
  expired: event({
    summary: "An order was not paid in time",
    about: { entity: "order", id: "orderId" },
    payload: z.strictObject({ orderId: id, number: z.string(), customerId: id }),
  }),
};
