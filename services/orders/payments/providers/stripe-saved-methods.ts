import type { Stripe } from "stripe";
import type {
  ChargeOutcome,
  ChargeRequest,
  KeptMethod,
  NextStep,
  SavedMethods,
  SetupState,
  StartedPayment,
} from "../provider-interface.ts";
import { ProviderRefusal } from "../provider-interface.ts";
import type { StripeClient } from "./stripe-client.ts";

const maxListed = 100;

/** Saved payment methods at Stripe: customers, setup intents, and payment intents that are confirmed at once. */
export class StripeSavedMethods implements SavedMethods {
  readonly #stripe: StripeClient;
  readonly #publishableKey: string | null;

  constructor(stripe: StripeClient, publishableKey: string | null) {
    this.#stripe = stripe;
    this.#publishableKey = publishableKey;
  }

  async openAccount(customerId: string): Promise<string> {
    const options = { idempotencyKey: `customer.${customerId}` };
    const customer = await this.#stripe.ask((api) =>
      api.customers.create({ metadata: { customer: customerId } }, options),
    );
    return customer.id;
  }

  async startSetup({
    id,
    account,
  }: {
    readonly id: string;
    readonly account: string;
  }): Promise<StartedPayment> {
    const params = {
      customer: account,
      usage: "off_session",
      automatic_payment_methods: { enabled: true },
      metadata: { setup: id },
    } as const;
    const intent = await this.#stripe.ask((api) => api.setupIntents.create(params, { idempotencyKey: id }));
    return { reference: intent.id, next: this.#confirm(intent.client_secret) };
  }

  async readSetup(reference: string): Promise<SetupState> {
    const intent = await this.#stripe.ask((api) =>
      api.setupIntents.retrieve(reference, { expand: ["payment_method"] }),
    );
    const { status, payment_method: method } = intent;
    if (status === "succeeded" && method !== null && typeof method === "object")
      return { status: "succeeded", method: keptMethod(method) };
    if (status === "canceled") return { status: "ended", reason: "The setup was cancelled at Stripe" };
    return { status: "pending", failure: intent.last_setup_error?.message ?? null };
  }

  async readMethod(token: string): Promise<KeptMethod | undefined> {
    try {
      const method = await this.#stripe.ask((api) => api.paymentMethods.retrieve(token));
      return method.customer === null ? undefined : keptMethod(method);
    } catch (error) {
      if (error instanceof ProviderRefusal) return undefined;
      throw error;
    }
  }

  async list(account: string): Promise<string[]> {
    const { data } = await this.#stripe.ask((api) =>
      api.paymentMethods.list({ customer: account, limit: maxListed }),
    );
    return data.map(({ id }) => id);
  }

  async detach(token: string): Promise<void> {
    try {
      await this.#stripe.ask((api) => api.paymentMethods.detach(token));
    } catch (error) {
      // Stripe refuses to detach a method twice.
      if (!(error instanceof ProviderRefusal) || (await this.readMethod(token))) throw error;
    }
  }

  async charge(charge: ChargeRequest): Promise<ChargeOutcome> {
    const { id, orderNumber, amount, currency, account, token, offSession } = charge;
    const params = {
      amount,
      currency: currency.toLowerCase(),
      customer: account,
      payment_method: token,
      confirm: true,
      off_session: offSession,
      description: `Order ${orderNumber}`,
      // Redirects need a page of the shop to return to.
      automatic_payment_methods: { enabled: true, allow_redirects: "never" },
      metadata: { payment: id, order: orderNumber },
    } as const;
    try {
      return this.#outcome(
        await this.#stripe.ask((api) => api.paymentIntents.create(params, { idempotencyKey: id })),
      );
    } catch (error) {
      const { cause } = error as Error;
      if (error instanceof ProviderRefusal && cause instanceof this.#stripe.library.errors.StripeCardError)
        return declined(cause);
      throw error;
    }
  }

  #outcome(intent: Stripe.PaymentIntent): ChargeOutcome {
    const { id: reference, status, currency, amount_received: amount } = intent;
    if (status === "succeeded")
      return { status: "succeeded", reference, amount, currency: currency.toUpperCase() };
    if (status === "processing") return { status: "pending", reference };
    if (status !== "requires_action") {
      const reason = intent.last_payment_error?.message ?? "The payment was declined";
      return { status: "declined", reference, reason };
    }
    return {
      status: "authentication-required",
      reference,
      reason: "The customer must authenticate the payment",
      next: this.#confirm(intent.client_secret),
    };
  }

  #confirm(clientSecret: string | null): NextStep {
    return { action: "confirm", clientSecret: clientSecret ?? "", publishableKey: this.#publishableKey };
  }
}

function declined(error: Stripe.errors.StripeCardError): ChargeOutcome {
  const reference = error.payment_intent?.id ?? null;
  const reason = error.message;
  // Only reported off-session; otherwise the intent asks for an action.
  if (error.code === "authentication_required")
    return { status: "authentication-required", reference, reason, next: null };
  return { status: "declined", reference, reason };
}

function keptMethod(method: Stripe.PaymentMethod): KeptMethod {
  const { id: token, type, card } = method;
  return {
    token,
    brand: card?.brand ?? type,
    lastFour: card?.last4 ?? method.sepa_debit?.last4 ?? method.us_bank_account?.last4 ?? null,
    expiryMonth: card?.exp_month ?? null,
    expiryYear: card?.exp_year ?? null,
  };
}
