import type { Stripe } from "stripe";
import { z } from "zod";
import type {
  CloseOutcome,
  NoticeHeaders,
  OnlinePaymentProvider,
  OpenPayment,
  PaidPayment,
  PaymentProviderDefinition,
  PaymentEvent,
  PaymentState,
  ProviderEvent,
  ProviderPaymentRequest,
  ProviderNotice,
  RefundEvent,
  RefundOutcome,
  ProviderRefundRequest,
  StartedPayment,
} from "../provider-interface.ts";
import { InvalidSignature, ProviderRefusal } from "../provider-interface.ts";
import { StripeClient } from "./stripe-client.ts";
import { StripeSavedMethods } from "./stripe-saved-methods.ts";

const toleranceSeconds = 300;
const maxRefundsSearched = 100;

const settings = z.object({
  /** Secret key of the shop's Stripe account. */
  STRIPE_API_KEY: z.string().min(8),
  /** Secret that signs Stripe's webhooks. */
  STRIPE_WEBHOOK_SECRET: z.string().min(8),
  /** Publishable key with which clients confirm payments. */
  STRIPE_PUBLISHABLE_KEY: z.string().min(8).optional(),
  /** URL of the Stripe API. */
  STRIPE_API_URL: z.url({ protocol: /^https?$/ }).default("https://api.stripe.com"),
});

export const stripe: PaymentProviderDefinition = {
  name: "stripe",
  signatureHeaders: ["Stripe-Signature"],
  settings,
  setUp(config) {
    const given = config.settings(settings, "when PAYMENT_PROVIDERS has stripe");
    // Lazy: the library is large and rarely used.
    return async () => new StripeProvider((await import("stripe")).Stripe, given);
  },
};

/** Stripe through its official library: payment intents, refunds, saved methods and signed webhooks. */
class StripeProvider implements OnlinePaymentProvider {
  readonly name = "stripe";
  readonly savedMethods: StripeSavedMethods;
  readonly #settings: z.output<typeof settings>;
  readonly #stripe: StripeClient;

  constructor(library: typeof Stripe, given: z.output<typeof settings>) {
    this.#settings = given;
    this.#stripe = new StripeClient(library, given.STRIPE_API_KEY, given.STRIPE_API_URL);
    this.savedMethods = new StripeSavedMethods(this.#stripe, given.STRIPE_PUBLISHABLE_KEY ?? null);
  }

  async start({ id, orderNumber, amount, currency }: ProviderPaymentRequest): Promise<StartedPayment> {
    const params = {
      amount,
      currency: currency.toLowerCase(),
      description: `Order ${orderNumber}`,
      automatic_payment_methods: { enabled: true },
      metadata: { payment: id, order: orderNumber },
    };
    const intent = await this.#stripe.ask((api) => api.paymentIntents.create(params, { idempotencyKey: id }));
    const publishableKey = this.#settings.STRIPE_PUBLISHABLE_KEY ?? null;
    return {
      reference: intent.id,
      next: { action: "confirm", clientSecret: intent.client_secret ?? "", publishableKey },
    };
  }

  async refund({
    id,
    key,
    paymentReference,
    amount,
    isRetry,
  }: ProviderRefundRequest): Promise<RefundOutcome> {
    const intent = paymentReference ?? "-";
    const params = { payment_intent: intent, amount, metadata: { refund: id, key } };
    try {
      // Stripe expires keys after a day, but keeps the refunds made with them.
      const known = isRetry ? await this.#given(intent, key) : undefined;
      return outcomeOf(
        known ?? (await this.#stripe.ask((api) => api.refunds.create(params, { idempotencyKey: key }))),
      );
    } catch (error) {
      if (error instanceof ProviderRefusal)
        return { status: "failed", reference: null, reason: error.message };
      throw error;
    }
  }

  async query(payment: OpenPayment): Promise<PaymentState> {
    const intent = await this.#find(payment);
    return intent ? stateOf(intent) : { status: "unknown" };
  }

  async close(payment: OpenPayment): Promise<CloseOutcome> {
    const intent = await this.#find(payment);
    if (!intent || intent.status === "canceled") return { status: "closed" };
    if (intent.status === "succeeded") return paid(intent);
    try {
      await this.#stripe.ask((api) => api.paymentIntents.cancel(intent.id));
      return { status: "closed" };
    } catch (error) {
      if (!(error instanceof ProviderRefusal)) throw error;
    }
    // Its status changed meanwhile, or the bank is at work on it.
    const state = await this.query({ ...payment, reference: intent.id });
    if (state.status === "succeeded") return state;
    return { status: state.status === "pending" ? "processing" : "closed" };
  }

  /** By its id, or by the shop's, which Stripe finds within a minute. */
  async #find({ id, reference }: OpenPayment): Promise<Stripe.PaymentIntent | undefined> {
    if (reference !== null) return this.#stripe.find((api) => api.paymentIntents.retrieve(reference));
    const query = `metadata['payment']:'${id}'`;
    const found = await this.#stripe.find((api) => api.paymentIntents.search({ query, limit: 1 }));
    return found?.data[0];
  }

  readNotice(body: Buffer, headers: NoticeHeaders, now: number): ProviderNotice {
    const event = this.#verified(body, headers["stripe-signature"], now);
    return { eventId: event.id, type: event.type, event: eventOf(event) };
  }

  #verified(body: Buffer, signature: string | undefined, now: number): Stripe.Event {
    try {
      const secret = this.#settings.STRIPE_WEBHOOK_SECRET;
      return this.#stripe.api.webhooks.constructEvent(
        body,
        signature ?? "",
        secret,
        toleranceSeconds,
        undefined,
        now,
      );
    } catch (error) {
      if (error instanceof this.#stripe.library.errors.StripeSignatureVerificationError)
        throw new InvalidSignature();
      throw error;
    }
  }

  async #given(intent: string, key: string): Promise<Stripe.Refund | undefined> {
    const { data } = await this.#stripe.ask((api) =>
      api.refunds.list({ payment_intent: intent, limit: maxRefundsSearched }),
    );
    return data.find(({ metadata }) => metadata?.key === key);
  }
}

function eventOf(event: Stripe.Event): ProviderEvent | undefined {
  if (event.type === "payment_intent.succeeded") return paymentEventOf(event.data.object, "succeeded");
  if (event.type === "payment_intent.payment_failed") return paymentEventOf(event.data.object, "failed");
  if (event.type === "payment_intent.canceled") return paymentEventOf(event.data.object, "closed");
  if (event.type === "refund.created" || event.type === "refund.updated" || event.type === "refund.failed")
    return refundEventOf(event.data.object);
  if (
    event.type === "setup_intent.succeeded" ||
    event.type === "setup_intent.setup_failed" ||
    event.type === "setup_intent.canceled"
  )
    return { about: "setup", id: event.data.object.metadata?.setup, reference: event.data.object.id };
  if (event.type === "payment_method.automatically_updated" || event.type === "payment_method.updated")
    return { about: "method-details", reference: event.data.object.id };
  if (event.type === "payment_method.detached") return { about: "method", reference: event.data.object.id };
  return undefined;
}

function paymentEventOf(intent: Stripe.PaymentIntent, status: PaymentEvent["status"]): PaymentEvent {
  return {
    about: "payment",
    id: intent.metadata.payment,
    reference: intent.id,
    status,
    amount: intent.amount_received,
    currency: intent.currency.toUpperCase(),
    reason: reasonOf(intent),
  };
}

function reasonOf({
  last_payment_error: error,
  cancellation_reason: cancelled,
}: Stripe.PaymentIntent): string {
  return error?.message ?? cancelled ?? "No reason was given";
}

function stateOf(intent: Stripe.PaymentIntent): PaymentState {
  const { id: reference, status, last_payment_error: error } = intent;
  if (status === "succeeded") return paid(intent);
  if (status === "canceled") return { status: "closed", reference, reason: reasonOf(intent) };
  return { status: "pending", reference, failure: error?.message ?? null };
}

function paid({ id: reference, amount_received: amount, currency }: Stripe.PaymentIntent): PaidPayment {
  return { status: "succeeded", reference, amount, currency: currency.toUpperCase() };
}

function refundEventOf(refund: Stripe.Refund): RefundEvent | undefined {
  const outcome = outcomeOf(refund);
  if (outcome.status === "pending") return undefined;
  const reason = outcome.status === "failed" ? outcome.reason : "";
  return {
    about: "refund",
    id: refund.metadata?.refund,
    reference: refund.id,
    status: outcome.status,
    reason,
  };
}

function outcomeOf({ id, status, failure_reason: why }: Stripe.Refund): RefundOutcome {
  if (status === "succeeded") return { status, reference: id };
  if (status === "failed" || status === "canceled")
    return { status: "failed", reference: id, reason: why ?? `The refund was ${status}` };
  return { status: "pending", reference: id };
}
