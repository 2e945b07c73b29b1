import { createHash, createHmac } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export const stripeKey = "sk_test_of_the_stand_in";
export const stripeSecret = "whsec_of_the_stand_in";

type Fields = Record<string, string>;
type Thing = Record<string, unknown> & { readonly id: string };
interface Answer {
  readonly status: number;
  readonly body: object;
}

/**
 * Stripe on loopback, as far as the shop uses it: form-encoded requests, answers kept by idempotency key, error objects
 * and signed webhooks. What it is told to do next it does once.
 */
export class StripeStandIn {
  readonly intents: Thing[] = [];
  readonly refunds: Thing[] = [];
  readonly requests: { path: string; key: string | undefined; fields: Fields }[] = [];
  /** What becomes of the next request. */
  next: { error: Answer } | { refundStatus: string } | undefined;
  /** So many requests are done, and the connection breaks; Stripe's library tries a broken one again by itself. */
  lose = 0;
  readonly #kept = new Map<string, { request: string; answer: Answer }>();
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => void this.#handle(request, response));
  }

  async start(): Promise<void> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
  }

  async stop(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }

  /** The settings of a shop that uses it. */
  get env(): Record<string, string> {
    return {
      PAYMENT_PROVIDERS: "manual,stripe",
      STRIPE_API_KEY: stripeKey,
      STRIPE_WEBHOOK_SECRET: stripeSecret,
      STRIPE_PUBLISHABLE_KEY: "pk_test_of_the_stand_in",
      STRIPE_API_URL: `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`,
    };
  }

  /** Forgets keys, as Stripe does after a day. */
  forgetKeys(): void {
    this.#kept.clear();
  }

  /** A webhook about one of its things. @returns the body and the header that vouches for it */
  event(type: string, object: object, id = `evt_${this.requests.length}_${type}`): { body: string; signature: string } {
    const body = JSON.stringify({ id, object: "event", type, data: { object }, created: seconds(), livemode: false });
    const digest = createHmac("sha256", stripeSecret).update(`${seconds()}.${body}`).digest("hex");
    return { body, signature: `t=${seconds()},v1=${digest}` };
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://stripe");
    const text = Buffer.concat(chunks).toString();
    const fields = Object.fromEntries(new URLSearchParams(text || searchParams));
    const key = request.headers["idempotency-key"];
    this.requests.push({ path: `${request.method} ${pathname}`, key: typeof key === "string" ? key : undefined, fields });
    const { status, body } =
      request.headers.authorization === `Bearer ${stripeKey}`
        ? this.#answer(`${request.method} ${pathname}`, fields, typeof key === "string" ? key : undefined)
        : failure(401, "invalid_request_error", "Invalid API Key provided");
    if (this.lose > 0) {
      this.lose -= 1;
      request.socket.destroy();
      return;
    }
    response.writeHead(status, { "content-type": "application/json", "request-id": "req_1" }).end(JSON.stringify(body));
  }

  #answer(asked: string, fields: Fields, key: string | undefined): Answer {
    if (asked === "GET /v1/refunds") {
      const data = this.refunds.filter(({ payment_intent: of }) => of === fields["payment_intent"]);
      return { status: 200, body: { object: "list", data, has_more: false, url: "/v1/refunds" } };
    }
    const request = createHash("sha256").update(asked + JSON.stringify(fields)).digest("hex");
    const known = key === undefined ? undefined : this.#kept.get(key);
    if (known && known.request !== request) return failure(400, "idempotency_error", "Keys for idempotent requests can only be used with the same parameters");
    if (known) return known.answer;
    if (this.next && "error" in this.next) {
      const { error } = this.next;
      this.next = undefined;
      return error;
    }
    const answer = this.#create(asked, fields);
    if (key !== undefined) this.#kept.set(key, { request, answer });
    return answer;
  }

  #create(asked: string, fields: Fields): Answer {
    const metadata = Object.fromEntries(
      Object.entries(fields).flatMap(([name, value]) => {
        const [, inner] = /^metadata\[(\w+)\]$/.exec(name) ?? [];
        return inner ? [[inner, value]] : [];
      }),
    );
    if (asked === "POST /v1/payment_intents") {
      const id = `pi_${this.intents.length + 1}`;
      const intent = { id, object: "payment_intent", amount: Number(fields["amount"]), currency: fields["currency"], metadata, status: "requires_payment_method", client_secret: `${id}_secret`, amount_received: 0 };
      this.intents.push(intent);
      return { status: 200, body: intent };
    }
    if (asked === "POST /v1/refunds") {
      const intent = this.intents.find(({ id }) => id === fields["payment_intent"]);
      if (!intent) return failure(404, "invalid_request_error", `No such payment_intent: '${fields["payment_intent"]}'`);
      const status = this.next && "refundStatus" in this.next ? this.next.refundStatus : "succeeded";
      this.next = undefined;
      const refund = { id: `re_${this.refunds.length + 1}`, object: "refund", amount: Number(fields["amount"]), currency: intent["currency"], payment_intent: intent.id, metadata, status };
      this.refunds.push(refund);
      return { status: 200, body: refund };
    }
    return failure(404, "invalid_request_error", "Unrecognized request URL");
  }
}

export function failure(status: number, type: string, message: string): Answer {
  return { status, body: { error: { type, message } } };
}

function seconds(): number {
  return Math.floor(Date.now() / 1000);
}
