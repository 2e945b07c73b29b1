import { z } from "zod";
import { action, event } from "../../../mixins/contract/contract.ts";
import { timestamp } from "../../../mixins/contract/fields.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { localeTag } from "../../../config/locales.ts";
import { email, phone } from "./fields.ts";

const languageTag = z.string().max(35).regex(localeTag, "must be a language tag such as en or zh-CN");

/** How a guest wants to be reached about an order, besides the address. */
export const guestReach = { phone: phone.optional(), locale: languageTag.optional() } as const;

const guest = z
  .strictObject({
    id,
    email: z.string().nullable().describe("null once the guest was claimed or deleted"),
    claimedBy: id.nullable().describe("The account that the guest's orders went to"),
    createdAt: timestamp,
    lastOrderAt: timestamp,
  })
  .meta({ id: "Guest" });

const theOrder = { guestId: id, orderId: id, number: z.string(), ...guestReach } as const;

/** Customers without an account, and the tokens of their orders. */
export const guestActions = {
  "guests.identify": action({
    summary: "Get the guest of an address",
    description: "The same for known and unknown addresses, with and without an account.",
    access: "internal",
    params: z.strictObject({ email }),
    result: z.strictObject({ guestId: id }),
    errors: [],
    idempotent: true,
    reads: "primary",
  }),
  "guests.grant": action({
    summary: "Let the bearer of a token into a guest's order",
    access: "internal",
    params: z.strictObject({ ...theOrder, tokenHash: z.string().regex(/^[0-9a-f]{64}$/) }),
    result: z.strictObject({
      granted: z.boolean().describe("false when the guest was claimed or deleted meanwhile"),
    }),
    errors: [],
    idempotent: true,
    reads: "primary",
  }),
  "order-tokens.check": action({
    summary: "Get the order of a valid token",
    access: "internal",
    params: z.strictObject({ tokenHash: z.string().regex(/^[0-9a-f]{64}$/) }),
    result: z.strictObject({ orderId: id, customerId: id }).nullable().describe("null when it is not valid"),
    errors: [],
    idempotent: true,
    reads: "primary",
  }),
  "contacts.get": action({
    summary: "How to reach a customer: an account, or a guest about an order",
    access: "internal",
    params: z.strictObject({
      customerId: id,
      orderId: id.optional().describe("A guest gives phone and language with each order"),
    }),
    result: z
      .strictObject({
        isGuest: z.boolean(),
        email: z.string(),
        phone: z.string().nullable(),
        locale: z.string().nullable().describe("null where none was chosen"),
      })
      .nullable()
      .describe("null for a customer who is unknown, disabled or deleted"),
    errors: [],
    idempotent: true,
    reads: "primary",
  }),
  "order-access.request": action({
    summary: "Have the link to a guest's order mailed again",
    description:
      "To the address that the order was placed with. The response is the same whether there is such an order or not. Earlier links stay valid.",
    access: "anyone",
    route: { method: "POST", path: "/orders/access", status: 202, ignoresToken: true, limit: "auth" },
    params: z.strictObject({ number: z.string().min(1).max(20), email }),
    result: z.strictObject({ email: z.string() }),
    errors: [],
    idempotent: true,
    reads: "primary",
  }),
  "guests.get": action({
    summary: "A customer without an account",
    access: { permission: "users:read" },
    route: { method: "GET", path: "/guests/{id}" },
    params: z.strictObject({ id }),
    result: guest,
    errors: ["not-found"],
    idempotent: true,
  }),
  "guests.delete": action({
    summary: "Erase the personal data of a customer without an account",
    description:
      "As deleting an account does: tokens end at once, orders are redacted as they finish. By itself it happens `GUEST_RETENTION_DAYS` after the last order.",
    access: { permission: "users:write" },
    stepUp: true,
    route: { method: "DELETE", path: "/guests/{id}" },
    params: z.strictObject({ id }),
    result: z.null(),
    errors: ["not-found"],
    idempotent: true,
    reads: "primary",
  }),
};

export const guestEvents = {
  "guest-claimed": event({
    summary: "The orders of a guest became those of the account with the verified address",
    about: { entity: "guest", id: "guestId" },
    payload: z.strictObject({ guestId: id, userId: id }),
  }),
  "guest-deleted": event({
    summary: "A guest's personal data are to be erased",
    about: { entity: "guest", id: "guestId" },
    payload: z.strictObject({ guestId: id }),
  }),
};
