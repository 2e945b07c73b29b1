import { z } from "zod";
import { paymentProviderNames } from "../../../config/env.ts";
import { action, event } from "../../contract/contract.ts";
import { idempotencyKey, text, timestamp } from "../../contract/fields.ts";
import { id } from "../../contract/ids.ts";
import { money } from "../../contract/money.ts";

const provider = z.enum(paymentProviderNames);

const payment = z
  .strictObject({
    id,
    orderId: id,
    provider,
    status: z
      .enum(["pending", "succeeded", "failed", "mismatched"])
      .describe(
        "`pending` until the provider tells; `failed` can still succeed when the customer tries again; `mismatched`: money came in, but not the amount that was asked for, and the order is not paid",
      ),
    reference: z.string().nullable().describe("The provider's name for it"),
    amount: money,
    refunded: money.describe("Given or due back of it"),
    received: money.nullable().describe("What came in instead of `amount`"),
    failure: z.string().nullable().describe("Why it failed"),
    at: timestamp.describe("When it began"),
    paidAt: timestamp.nullable().describe("When the money was there"),
  })
  .meta({ id: "Payment" });

const nextStep = z
  .discriminatedUnion("action", [
    z.strictObject({ action: z.literal("redirect"), url: z.string().describe("Send the customer there") }),
    z.strictObject({
      action: z.literal("confirm"),
      clientSecret: z.string().describe("For the provider's own library in the customer's client"),
      publishableKey: z.string().nullable(),
    }),
  ])
  .meta({ id: "PaymentNextStep" });

const own = { ownerOr: "orders:read" } as const;
const theOrder = { orderId: id, number: z.string(), customerId: id };

/** The part of the orders' contract that is about money that comes in. */
export const paymentActions = {
  "payments.record": action({
    summary: "Pay an order",
    description:
      "Customers begin a payment at an online provider and do what `next` says; the order is `paid` when the provider tells. Staff with `orders:write` can record with `manual` that they have the money (cash, bank transfer); so can customers for an order that costs nothing. The amount is always the order's total. Send the same `Idempotency-Key` again when you do not know whether it arrived.",
    access: { ownerOr: "orders:write" },
    route: { method: "POST", path: "/orders/{id}/payments", status: 201, headers: { idempotencyKey: "Idempotency-Key" } },
    params: z.strictObject({
      id,
      idempotencyKey,
      provider: provider.default("manual").describe("One that is switched on"),
      reference: text(100).optional().describe("For `manual`: for example the bank's"),
    }),
    result: z.strictObject({ ...payment.shape, next: nextStep.optional().describe("Absent when there is nothing to do") }),
    errors: [
      "not-found",
      "illegal-transition",
      "limit-reached",
      "payment-refused",
      "idempotency-in-flight",
      "idempotency-mismatch",
    ],
    idempotent: true,
    reads: "primary",
  }),
  "payments.notify": action({
    summary: "What a payment provider tells",
    description:
      "Signed by the provider over the bytes of the body. It may be sent again, late and in any order. 2xx: it need not be sent again.",
    access: "anyone",
    route: {
      method: "POST",
      path: "/webhooks/payments/{provider}",
      ignoresToken: true,
      headers: { stripeSignature: "Stripe-Signature", sandboxSignature: "Sandbox-Signature" },
      rawBody: { param: "body", mediaType: "application/json", maxBytes: 256 * 1024 },
    },
    params: z.strictObject({
      provider,
      body: z.base64(),
      stripeSignature: z.string().max(2000).optional(),
      sandboxSignature: z.string().max(2000).optional(),
    }),
    result: z.strictObject({
      outcome: z
        .enum(["applied", "duplicate", "ignored", "unknown", "mismatched"])
        .describe("`ignored`: known or overtaken; `unknown`: about nothing that is known here"),
    }),
    errors: ["not-found", "invalid-signature"],
    idempotent: true,
    reads: "primary",
  }),
  "payments.list": action({
    summary: "An order's payments",
    access: own,
    route: { method: "GET", path: "/orders/{id}/payments" },
    params: z.strictObject({ id }),
    result: z.strictObject({ items: z.array(payment) }),
    errors: ["not-found"],
    idempotent: true,
  }),
};

export const paymentEvents = {
  "payment-started": event({
    summary: "A customer began a payment at a provider",
    payload: z.strictObject({ ...theOrder, payment }),
  }),
  paid: event({
    summary: "An order was paid in full",
    payload: z.strictObject({ ...theOrder, payment }),
  }),
  "payment-failed": event({
    summary: "A payment did not work; the order still waits for one",
    payload: z.strictObject({ ...theOrder, payment }),
  }),
  "payment-mismatched": event({
    summary: "Another amount came in than was asked for; the order is not paid, and staff must look into it",
    payload: z.strictObject({ ...theOrder, payment }),
  }),
};
