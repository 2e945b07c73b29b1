import { z } from "zod";
import type { Acknowledgement } from "../../../mixins/contract/contract.ts";
import { action, event } from "../../../mixins/contract/contract.ts";
import { idempotencyKey, text, timestamp } from "../../../mixins/contract/fields.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { money } from "../../../mixins/contract/money.ts";
import { paymentProviders } from "../payments/providers/index.ts";
import { orderParts, soldLines } from "./parts.ts";

export const provider = z.enum(paymentProviders.map(({ name }) => name));

type SignatureParam = `${string}Signature`;
const signature = z.string().max(2000).optional();
/** Params that carry the signature headers of providers' notifications, and these headers. */
const signatureHeaders: Record<SignatureParam, string> = {};
const signatureParams: Record<SignatureParam, typeof signature> = {};
const acknowledgements: Record<string, Acknowledgement> = {};
for (const { name, signatureHeaders: headers, acknowledgement } of paymentProviders) {
  for (const header of headers ?? []) {
    signatureHeaders[paramOf(header)] = header;
    signatureParams[paramOf(header)] = signature;
  }
  if (acknowledgement) acknowledgements[name] = acknowledgement;
}

/** `Stripe-Signature`: `stripeSignature`; `Some-Nonce`: `someNonceSignature`. Logs redact such names. */
function paramOf(header: string): SignatureParam {
  const words = header.toLowerCase().replaceAll(/-(.)/g, (_match, letter: string) => letter.toUpperCase());
  return `${words.replace(/Signature$/, "")}Signature`;
}

/** Picks a provider's signature headers, by their lower-case names, from the params of `payments.notify`. */
export function signaturesIn(
  params: Partial<Record<SignatureParam, string>>,
  provider: string,
): Record<string, string | undefined> {
  const headers = paymentProviders.find(({ name }) => name === provider)?.signatureHeaders ?? [];
  return Object.fromEntries(headers.map((header) => [header.toLowerCase(), params[paramOf(header)]]));
}

const payment = z
  .strictObject({
    id,
    orderId: id,
    provider,
    paymentMethodId: id.optional().describe("The saved payment method that it charges, if any"),
    status: z
      .enum(["pending", "succeeded", "failed", "mismatched"])
      .describe(
        "`pending` until the provider reports the result; `failed` can still succeed on another attempt; `mismatched`: an amount other than requested arrived, and the order is not paid",
      ),
    reference: z.string().nullable().describe("The provider's id of it"),
    amount: money,
    refunded: money.describe("Refunded, or due to be"),
    received: money.nullable().describe("Received instead of `amount`"),
    failure: z.string().nullable().describe("Reason of the failure"),
    at: timestamp.describe("Start time"),
    paidAt: timestamp.nullable().describe("Time of receipt"),
  })
  .meta({ id: "Payment" });

/** Where the customer pays: a browser on a desk or a phone, a code that is scanned, the provider's own app. */
const paymentVia = z.enum(["desktop", "phone", "code", "app-browser"]);

/** Next step of the customer's client. */
export const nextStep = z
  .discriminatedUnion("action", [
    z.strictObject({
      action: z.literal("redirect"),
      url: z.string().describe("Redirect the customer there"),
    }),
    z.strictObject({
      action: z.literal("confirm"),
      clientSecret: z.string().describe("For the provider's client library"),
      publishableKey: z.string().nullable(),
    }),
    z.strictObject({
      action: z.literal("show-code"),
      code: z.string().describe("Show it as a QR code, which the customer scans with the provider's app"),
    }),
    z.strictObject({
      action: z.literal("invoke"),
      parameters: z
        .record(z.string(), z.string())
        .describe("For the provider's script in its own app's browser"),
    }),
  ])
  .meta({ id: "PaymentNextStep" });

const own = { ownerOr: "orders:read", orderToken: "id" } as const;
const theOrder = { orderId: id, number: z.string(), customerId: id };

/** Payment actions of the orders contract: money received. */
export const paymentActions = {
  "payments.record": action({
    summary: "Pay an order",
    description:
      "Customers start a payment at an online provider and follow `next`; the order is `paid` when the provider confirms. Staff with `orders:write` can record received money (cash, bank transfer) with `manual`; so can customers for an order that costs nothing. With `paymentMethodId` customers pay with a payment method that they saved: the order is `paid` at once, or `next` tells what is left to do. The amount is always the order's total. Send the same `Idempotency-Key` again when a response was lost.",
    access: { ownerOr: "orders:write", orderToken: "id" },
    movesMoney: true,
    route: {
      method: "POST",
      path: "/orders/{id}/payments",
      status: 201,
      headers: { idempotencyKey: "Idempotency-Key" },
    },
    params: z.strictObject({
      id,
      idempotencyKey,
      provider: provider
        .default("manual")
        .describe("An enabled provider; with `paymentMethodId` it is the payment method's"),
      paymentMethodId: id.optional().describe("One of your saved payment methods"),
      reference: text(100).optional().describe("For `manual`: for example the bank's reference"),
      via: paymentVia
        .optional()
        .describe(
          "Where the customer is, for providers with several ways to pay; default: a browser on a desk",
        ),
      payerId: z
        .string()
        .regex(/^[\w-]{1,128}$/)
        .optional()
        .describe("With `via` `app-browser`: the customer's id at the provider, such as WeChat's `openid`"),
    }),
    result: z.strictObject({
      ...payment.shape,
      next: nextStep.optional().describe("Absent when no step is left"),
    }),
    errors: [
      "not-found",
      "illegal-transition",
      "limit-reached",
      "payment-refused",
      "payment-in-progress",
      "approval-required",
      "idempotency-in-flight",
      "idempotency-mismatch",
    ],
    idempotent: true,
    reads: "primary",
  }),
  "payments.charge": action({
    summary: "Charge a saved payment method without its customer",
    description:
      "For payments that the customer agreed to earlier. A decline is a result, for which a new key makes a new attempt. With `authentication-required` the order stays unpaid, and the customer is told by mail. Send the same key again when a response was lost.",
    access: "internal",
    params: z.strictObject({
      id,
      idempotencyKey,
      paymentMethodId: id.optional().describe("Default: the default one of the order's customer"),
    }),
    result: z.strictObject({
      outcome: z.enum(["succeeded", "pending", "declined", "authentication-required"]),
      payment,
    }),
    errors: [
      "not-found",
      "illegal-transition",
      "limit-reached",
      "payment-refused",
      "payment-in-progress",
      "idempotency-in-flight",
      "idempotency-mismatch",
    ],
    idempotent: true,
    reads: "primary",
  }),
  "payments.notify": action({
    summary: "Receive a payment provider's notification",
    description:
      "Signed by the provider over the bytes of the body. Deliveries may be repeated, late and out of order. 2xx acknowledges it, in the provider's own format where it expects one.",
    access: "anyone",
    route: {
      method: "POST",
      path: "/webhooks/payments/{provider}",
      ignoresToken: true,
      headers: signatureHeaders,
      rawBody: {
        param: "body",
        mediaTypes: ["application/json", "application/x-www-form-urlencoded"],
        maxBytes: 256 * 1024,
        acknowledgements: { param: "provider", responses: acknowledgements },
      },
    },
    params: z.strictObject({
      provider: z.string().min(1).max(40).describe("An enabled provider; others have no webhooks"),
      body: z.base64(),
      ...signatureParams,
    }),
    result: z.strictObject({
      outcome: z
        .enum(["applied", "duplicate", "ignored", "unknown", "mismatched"])
        .describe("`ignored`: known or superseded; `unknown`: about an unknown payment, refund or setup"),
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
    summary: "A customer started a payment at a provider",
    about: { entity: "order", id: "orderId" },
    payload: z.strictObject({ ...theOrder, payment }),
  }),
  paid: event({
    summary: "An order was paid in full",
    about: { entity: "order", id: "orderId" },
    payload: z.strictObject({
      ...theOrder,
      payment,
      lines: soldLines.optional(),
      parts: orderParts.optional(),
      couponMerchantId: id
        .optional()
        .describe("Whose coupon yielded the discount, which that merchant bears; absent for the mall's"),
    }),
  }),
  "payment-failed": event({
    summary: "A payment failed; the order still awaits payment",
    about: { entity: "order", id: "orderId" },
    payload: z.strictObject({ ...theOrder, payment }),
  }),
  "payment-mismatched": event({
    summary: "An amount other than requested was received; the order is not paid, and staff must handle it",
    about: { entity: "order", id: "orderId" },
    payload: z.strictObject({ ...theOrder, payment }),
  }),
  "payment-authentication-required": event({
    summary: "A charge without the customer needs their authentication; the order still awaits payment",
    about: { entity: "order", id: "orderId" },
    payload: z.strictObject({ ...theOrder, payment }),
  }),
};
