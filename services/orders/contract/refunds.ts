import { z } from "zod";
import { action, event } from "../../../mixins/contract/contract.ts";
import { idempotencyKey, text, timestamp } from "../../../mixins/contract/fields.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { money } from "../../../mixins/contract/money.ts";
import { partAmounts } from "./parts.ts";

const refund = z
  .strictObject({
    id,
    orderId: id,
    paymentId: id,
    amount: money,
    cause: z
      .enum(["cancellation", "return", "staff", "late-payment", "after-sale"])
      .describe(
        "`late-payment`: it arrived after the order ceased to be payable; `after-sale`: for goods that the customer keeps",
      ),
    reason: z.string().nullable(),
    status: z
      .enum(["requested", "succeeded", "failed"])
      .describe("`requested` until the provider has paid it; `failed` needs staff"),
    reference: z.string().nullable().describe("The provider's id of it"),
    failure: z.string().nullable().describe("Error of the last attempt"),
    attempts: z.int(),
    at: timestamp.describe("Time when it became due"),
    settledAt: timestamp.nullable(),
  })
  .meta({ id: "Refund" });

const own = { ownerOr: "orders:read", orderToken: "id" } as const;
const staff = { permission: "orders:write" } as const;
const theOrder = { orderId: id, number: z.string(), customerId: id };

/** Refund actions of the orders contract: money returned. */
export const refundActions = {
  "refunds.record": action({
    summary: "Refund a paid order",
    description:
      "In part or in full, at most what was paid and not refunded yet. The customer keeps the goods; a fully refunded order is `refunded`. Cancellations, returns and late payments are refunded automatically.",
    access: staff,
    movesMoney: true,
    route: {
      method: "POST",
      path: "/orders/{id}/refunds",
      status: 201,
      headers: { idempotencyKey: "Idempotency-Key" },
    },
    params: z.strictObject({
      id,
      idempotencyKey,
      amount: money.optional().describe("The whole remainder when absent"),
      partId: id
        .optional()
        .describe("Of this part only; default: of all, in proportion to what is left of them"),
      reason: text(200),
    }),
    result: refund,
    errors: [
      "not-found",
      "illegal-transition",
      "limit-reached",
      "approval-required",
      "idempotency-in-flight",
      "idempotency-mismatch",
    ],
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
    summary: "Retry a failed refund",
    description: "A pending or successful refund stays as it is.",
    access: staff,
    movesMoney: true,
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
    summary: "A refund became due, or was retried after a failure",
    about: { entity: "order", id: "orderId" },
    payload: z.strictObject({ ...theOrder, refund, parts: partAmounts.optional() }),
  }),
  refunded: event({
    summary: "A refund was paid to a customer",
    about: { entity: "order", id: "orderId" },
    payload: z.strictObject({ ...theOrder, refund, parts: partAmounts.optional() }),
  }),
  "refund-failed": event({
    summary: "A due refund could not be paid; staff must handle it",
    about: { entity: "order", id: "orderId" },
    payload: z.strictObject({ ...theOrder, refund, parts: partAmounts.optional() }),
  }),
};
