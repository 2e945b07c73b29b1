import { z } from "zod";
import { action, event } from "../../contract/contract.ts";
import { idempotencyKey, text, timestamp } from "../../contract/fields.ts";
import { id } from "../../contract/ids.ts";
import { money } from "../../contract/money.ts";

const refund = z
  .strictObject({
    id,
    orderId: id,
    paymentId: id,
    amount: money,
    cause: z
      .enum(["cancellation", "return", "staff", "late-payment"])
      .describe("`late-payment`: it came when the order could not be paid any more"),
    reason: z.string().nullable(),
    status: z
      .enum(["requested", "succeeded", "failed"])
      .describe("`requested` until the provider has given it; `failed` waits for staff"),
    reference: z.string().nullable().describe("The provider's name for it"),
    failure: z.string().nullable().describe("What went wrong at the last try"),
    attempts: z.int(),
    at: timestamp.describe("When it became due"),
    settledAt: timestamp.nullable(),
  })
  .meta({ id: "Refund" });

const own = { ownerOr: "orders:read" } as const;
const staff = { permission: "orders:write" } as const;
const theOrder = { orderId: id, number: z.string(), customerId: id };

/** The part of the orders' contract that is about money that goes back. */
export const refundActions = {
  "refunds.record": action({
    summary: "Give money of a paid order back",
    description:
      "In part or in full, never more than was paid and not refunded yet. The goods stay with the customer: once everything is refunded, the order is `refunded`. Cancellations, returns and payments that came too late are refunded by themselves.",
    access: staff,
    stepUp: true,
    route: { method: "POST", path: "/orders/{id}/refunds", status: 201, headers: { idempotencyKey: "Idempotency-Key" } },
    params: z.strictObject({
      id,
      idempotencyKey,
      amount: money.optional().describe("All that is left when absent"),
      reason: text(200),
    }),
    result: refund,
    errors: ["not-found", "illegal-transition", "limit-reached", "idempotency-in-flight", "idempotency-mismatch"],
    idempotent: true,
    reads: "primary",
  }),
  "refunds.list": action({
    summary: "An order's refunds",
    access: own,
    route: { method: "GET", path: "/orders/{id}/refunds" },
    params: z.strictObject({ id }),
    result: z.strictObject({ items: z.array(refund) }),
    errors: ["not-found"],
    idempotent: true,
  }),
  "refunds.retry": action({
    summary: "Have a refund that failed tried again",
    description: "One that is being tried already, or has succeeded, is left as it is.",
    access: staff,
    route: { method: "POST", path: "/orders/{id}/refunds/{refundId}/retries" },
    params: z.strictObject({ id, refundId: id }),
    result: refund,
    errors: ["not-found"],
    idempotent: true,
    reads: "primary",
  }),
};

export const refundEvents = {
  "refund-requested": event({
    summary: "Money is due back to a customer, or is asked for anew after it failed",
    payload: z.strictObject({ ...theOrder, refund }),
  }),
  refunded: event({
    summary: "Money was given back to a customer",
    payload: z.strictObject({ ...theOrder, refund }),
  }),
  "refund-failed": event({
    summary: "Money that is due back could not be given; staff must look into it",
    payload: z.strictObject({ ...theOrder, refund }),
  }),
};
