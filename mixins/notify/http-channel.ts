import { createHmac } from "node:crypto";
import { CircuitBreaker } from "../support/circuit-breaker.ts";
import type { NotifyChannel, OutgoingMessage } from "./notify-channel.ts";
import { UndeliverableMessageError } from "./notify-channel.ts";

export interface GatewaySettings {
  readonly url: string;
  readonly secret: string;
  readonly timeoutMs: number;
}

/** Client errors that a later attempt may not meet. */
const retryable = new Set([401, 403, 404, 408, 425, 429]);

/**
 * Posts messages as JSON to an HTTP gateway, signed as Standard Webhooks are: `webhook-signature` is
 * `v1,` and the HMAC-SHA-256 of `<webhook-id>.<webhook-timestamp>.<body>` in Base64. A failing gateway is left
 * alone for a while.
 */
export class HttpChannel implements NotifyChannel {
  readonly #settings: GatewaySettings;
  readonly #breaker = new CircuitBreaker();

  constructor(settings: GatewaySettings) {
    this.#settings = settings;
  }

  async send(message: OutgoingMessage): Promise<void> {
    if (!this.#breaker.admits(Date.now())) throw new Error("the gateway is left alone after failures");
    let status: number;
    try {
      status = await this.#post(message);
    } catch (error) {
      this.#breaker.failed(Date.now());
      throw error;
    }
    if (status >= 500) this.#breaker.failed(Date.now());
    else this.#breaker.succeeded();
    if (status >= 200 && status < 300) return;
    if (status >= 400 && status < 500 && !retryable.has(status))
      throw new UndeliverableMessageError(`the gateway rejected it: ${status}`);
    throw new Error(`the gateway answered ${status}`);
  }

  async #post(message: OutgoingMessage): Promise<number> {
    const { url, secret, timeoutMs } = this.#settings;
    const body = JSON.stringify(message);
    const timestamp = String(Math.floor(Date.now() / 1000));
    const response = await fetch(url, {
      method: "POST",
      body,
      // A redirect would take the number and the code somewhere else.
      redirect: "error",
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        "content-type": "application/json",
        "idempotency-key": message.id,
        "webhook-id": message.id,
        "webhook-timestamp": timestamp,
        "webhook-signature": `v1,${signatureOf(secret, message.id, timestamp, body)}`,
      },
    });
    await response.body?.cancel();
    return response.status;
  }
}

/** For gateways of one's own, and tests. */
export function signatureOf(secret: string, id: string, timestamp: string, body: string): string {
  return createHmac("sha256", secret).update(`${id}.${timestamp}.${body}`).digest("base64");
}
