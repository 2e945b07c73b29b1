import { z } from "zod";
import { action, event } from "../../contract/contract.ts";
import { idempotencyKey, text, timestamp } from "../../contract/fields.ts";
import { id } from "../../contract/ids.ts";
import { money } from "../../contract/money.ts";

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

const own = { ownerOr: "orders:read" } as const;
const staff = { permission: "orders:write" } as const;

/** The part of the orders' contract that is about goods that come back. */
export const returnActions = {
  "returns.record": action({
    summary: "Take goods of a paid order back",
    access: staff,
    route: { method: "POST", path: "/orders/{id}/returns", status: 201, headers: { idempotencyKey: "Idempotency-Key" } },
    params: z.strictObject({
      id,
      idempotencyKey,
      lines: z
        .array(z.strictObject({ lineId: id, quantity: z.int().min(1).max(1_000_000) }))
        .min(1)
        .max(100),
      restock: z.boolean().default(true).describe("Whether they can be sold again"),
      reason: text(200),
    }),
    result: returned,
    errors: ["not-found", "illegal-transition", "limit-reached", "idempotency-in-flight", "idempotency-mismatch"],
    idempotent: true,
  }),
  "returns.list": action({
    summary: "What was taken back of an order",
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
    summary: "Goods of a paid order were taken back",
    payload: z.strictObject({
      orderId: id,
      number: z.string(),
      customerId: id,
      returnId: id,
      lines: z.array(z.strictObject({ variantId: id, quantity: z.int() })),
      refund: money,
      restocked: z.boolean(),
      reason: z.string(),
    }),
  }),
};
