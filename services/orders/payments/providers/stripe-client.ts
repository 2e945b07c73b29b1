import type { Stripe } from "stripe";
import { ProviderRefusal, ProviderUnreachable, providerTimeoutMs } from "../provider-interface.ts";

/** Stripe's official library, with its errors in the terms of the provider interface. */
export class StripeClient {
  readonly library: typeof Stripe;
  readonly api: Stripe;

  /** @param url of the Stripe API */
  constructor(library: typeof Stripe, apiKey: string, url: string) {
    const { protocol, hostname, port } = new URL(url);
    this.library = library;
    this.api = new library(apiKey, {
      protocol: protocol === "http:" ? "http" : "https",
      host: hostname,
      port: port || (protocol === "http:" ? 80 : 443),
      timeout: providerTimeoutMs,
      // Customers and jobs retry; a request has no time for it.
      maxNetworkRetries: 0,
      telemetry: false,
    });
  }

  /** As `ask`; undefined when Stripe has no such thing. */
  async find<T>(ask: (api: Stripe) => Promise<T>): Promise<T | undefined> {
    try {
      return await this.ask(ask);
    } catch (error) {
      if (!(error instanceof ProviderRefusal)) throw error;
      const { cause } = error;
      if (cause instanceof this.library.errors.StripeInvalidRequestError && cause.statusCode === 404)
        return undefined;
      throw new ProviderUnreachable("Stripe refused to look it up", { timedOut: false, cause: error });
    }
  }

  /** Throws `ProviderRefusal` when Stripe refused, `ProviderUnreachable` when the outcome is unknown. */
  async ask<T>(ask: (api: Stripe) => Promise<T>): Promise<T> {
    try {
      const answer = await ask(this.api);
      // The library takes any JSON without an `error` for a result, such as a proxy's with status 500.
      if (statusOf(answer) < 400) return answer;
    } catch (error) {
      const { errors } = this.library;
      if (error instanceof errors.StripeInvalidRequestError || error instanceof errors.StripeCardError)
        throw new ProviderRefusal(error.message, { cause: error });
      const timedOut = error instanceof errors.StripeConnectionError && /timeout/i.test(error.message);
      throw new ProviderUnreachable("Stripe's response leaves the outcome unknown", {
        timedOut,
        cause: error,
      });
    }
    throw new ProviderUnreachable("Stripe's response leaves the outcome unknown", { timedOut: false });
  }
}

function statusOf(answer: unknown): number {
  const { lastResponse } = answer as { readonly lastResponse?: { readonly statusCode: number } };
  return lastResponse?.statusCode ?? 200;
}
