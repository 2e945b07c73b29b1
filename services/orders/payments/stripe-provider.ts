import { Stripe } from "stripe";
import type { StripeConfig } from "../../../config/payments.ts";
import type {
  OnlinePaymentProvider,
  PaymentNews,
  PaymentToStart,
  ProviderNotice,
  RefundNews,
  RefundOutcome,
  RefundToGive,
  StartedPayment,
} from "./provider.ts";
import { InvalidSignature, ProviderRefusal, ProviderUnreachable, providerTimeoutMs } from "./provider.ts";

const toleranceSeconds = 300;
const refundsLookedThrough = 100;

/** Stripe, through its own library: payment intents, refunds and signed webhooks. */
export class StripeProvider implements OnlinePaymentProvider {
  readonly name = "stripe";
  readonly #config: StripeConfig;
  readonly #stripe: Stripe;

  constructor(config: StripeConfig) {
    const { protocol, hostname, port } = config.apiUrl;
    this.#config = config;
    this.#stripe = new Stripe(config.apiKey, {
      protocol: protocol === "http:" ? "http" : "https",
      host: hostname,
      port: port || (protocol === "http:" ? 80 : 443),
      timeout: providerTimeoutMs,
      // Who asks again is the customer, or the job that gives refunds; a request has no time for it.
      maxNetworkRetries: 0,
      telemetry: false,
    });
  }

  async start({ id, orderNumber, amount, currency }: PaymentToStart): Promise<StartedPayment> {
    const params = {
      amount,
      currency: currency.toLowerCase(),
      description: `Order ${orderNumber}`,
      automatic_payment_methods: { enabled: true },
      metadata: { payment: id, order: orderNumber },
    };
    const intent = await asking(() => this.#stripe.paymentIntents.create(params, { idempotencyKey: id }));
    const { publishableKey } = this.#config;
    return { reference: intent.id, next: { action: "confirm", clientSecret: intent.client_secret ?? "", publishableKey } };
  }

  async refund({ id, key, paymentReference, amount, triedBefore }: RefundToGive): Promise<RefundOutcome> {
    const intent = paymentReference ?? "-";
    const params = { payment_intent: intent, amount, metadata: { refund: id, key } };
    try {
      // Stripe forgets keys after a day; what it did under them it does not.
      const known = triedBefore ? await asking(() => this.#given(intent, key)) : undefined;
      return outcomeOf(known ?? (await asking(() => this.#stripe.refunds.create(params, { idempotencyKey: key }))));
    } catch (error) {
      if (error instanceof ProviderRefusal) return { status: "failed", reference: null, reason: error.message };
      throw error;
    }
  }

  readNotice(body: Buffer, signature: string | undefined, now: number): ProviderNotice {
    const event = this.#verified(body, signature, now);
    return { eventId: event.id, type: event.type, news: newsOf(event) };
  }

  #verified(body: Buffer, signature: string | undefined, now: number): Stripe.Event {
    try {
      const { webhooks } = this.#stripe;
      return webhooks.constructEvent(body, signature ?? "", this.#config.webhookSecret, toleranceSeconds, undefined, now);
    } catch (error) {
      if (error instanceof Stripe.errors.StripeSignatureVerificationError) throw new InvalidSignature();
      throw error;
    }
  }

  async #given(intent: string, key: string): Promise<Stripe.Refund | undefined> {
    const { data } = await this.#stripe.refunds.list({ payment_intent: intent, limit: refundsLookedThrough });
    return data.find(({ metadata }) => metadata?.key === key);
  }
}

function newsOf(event: Stripe.Event): PaymentNews | RefundNews | undefined {
  if (event.type === "payment_intent.succeeded") return paymentNews(event.data.object, "succeeded");
  if (event.type === "payment_intent.payment_failed" || event.type === "payment_intent.canceled")
    return paymentNews(event.data.object, "failed");
  if (event.type === "refund.created" || event.type === "refund.updated" || event.type === "refund.failed")
    return refundNews(event.data.object);
  return undefined;
}

function paymentNews(intent: Stripe.PaymentIntent, status: PaymentNews["status"]): PaymentNews {
  return {
    about: "payment",
    id: intent.metadata.payment,
    reference: intent.id,
    status,
    amount: intent.amount_received,
    currency: intent.currency.toUpperCase(),
    reason: intent.last_payment_error?.message ?? intent.cancellation_reason ?? "No reason was given",
  };
}

function refundNews(refund: Stripe.Refund): RefundNews | undefined {
  const outcome = outcomeOf(refund);
  if (outcome.status === "pending") return undefined;
  const reason = outcome.status === "failed" ? outcome.reason : "";
  return { about: "refund", id: refund.metadata?.refund, reference: refund.id, status: outcome.status, reason };
}

function outcomeOf({ id, status, failure_reason: why }: Stripe.Refund): RefundOutcome {
  if (status === "succeeded") return { status, reference: id };
  if (status === "failed" || status === "canceled")
    return { status: "failed", reference: id, reason: why ?? `The refund was ${status}` };
  return { status: "pending", reference: id };
}

/** Tells what Stripe refused from what nobody can tell. */
async function asking<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    const { errors } = Stripe;
    if (error instanceof errors.StripeInvalidRequestError || error instanceof errors.StripeCardError)
      throw new ProviderRefusal(error.message);
    const timedOut = error instanceof errors.StripeConnectionError && /timeout/i.test(error.message);
    throw new ProviderUnreachable("Stripe did not answer so that one could tell", { timedOut, cause: error });
  }
}
