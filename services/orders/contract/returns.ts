import { z } from "zod";
import { action, event } from "../../../mixins/contract/contract.ts";
import { idempotencyKey, text, timestamp } from "../../../mixins/contract/fields.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { money } from "../../../mixins/contract/money.ts";
import { partAmounts, returnedLines } from "./parts.ts";

const returned = z
  .strictObject({
    id,
    orderId: id,
    lines: z.array(z.strictObject({ lineId: id, quantity: z.int() })),
    refund: money.describe("The goods at the price that was paid, after discount; shipping is not refunded"),
    restocked: z.boolean(),
    reason: z.string(),
    at: timestamp,
  })
  .meta({ id: "Return" });

const own = { ownerOr: "orders:read", orderToken: "id" } as const;
const sellers = { merchantOr: "orders:write" } as const;

/** Return actions of the orders contract. */
export const returnActions = {
  "returns.record": action({
    summary: "Record returned goods of a paid order",
    description: "Members of a merchant take back its goods only.",
    access: sellers,
    movesMoney: true,
    route: {
      method: "POST",
      path: "/orders/{id}/returns",
      status: 201,
      headers: { idempotencyKey: "Idempotency-Key" },
    },
    params: z.strictObject({
      id,
      idempotencyKey,
      lines: z
        .array(z.strictObject({ lineId: id, quantity: z.int().min(1).max(1_000_000) }))
        .min(1)
        .max(100),
      restock: z.boolean().default(true).describe("True when they can be sold again"),
      reason: text(200),
    }),
    result: returned,
    errors: [
      "not-found",
      "illegal-transition",
      "limit-reached",
      "approval-required",
      "idempotency-in-flight",
      "idempotency-mismatch",
    ],
    idempotent: true,
  }),
  "returns.list": action({
    summary: "List returned goods of an order",
    access: own,
    route: { method: "GET", path: "/orders/{id}/returns" },
    params: z.strictObject({ id }),
    result: z.strictObject({ items: z.array(returned) }),
    errors: ["not-found"],
    idempotent: true,
  }),
};

export const returnEvents = {
  returned: event({
    summary: "Goods of a paid order were returned",
    about: { entity: "order", id: "orderId" },
    payload: z.strictObject({
      orderId: id,
      number: z.string(),
      customerId: id,
      returnId: id,
      lines: returnedLines,
      refund: money,
      parts: partAmounts.optional().describe("How the refund is shared"),
      restocked: z.boolean(),
      reason: z.string(),
    }),
  }),
};
