import { createHash, createHmac } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Answer, Fields, Thing } from "./fake-stripe-intents.ts";
import { failure, intentAnswer } from "./fake-stripe-intents.ts";

export { failure } from "./fake-stripe-intents.ts";

export const stripeKey = "sk_test_of_the_stand_in";
export const stripeSecret = "whsec_of_the_stand_in";

/**
 * A fake Stripe on loopback, as far as the shop uses it: form-encoded requests, idempotency keys, error
 * objects and signed webhooks. Injected behaviour applies once.
 */
export class FakeStripe {
  readonly intents: Thing[] = [];
  readonly refunds: Thing[] = [];
  readonly customers: Thing[] = [];
  readonly setups: Thing[] = [];
  /** Attached when `customer` is an id, detached when it is null. */
  readonly methods: Thing[] = [];
  readonly requests: { path: string; key: string | undefined; fields: Fields }[] = [];
  /** Behaviour for the next request. */
  next: { error: Answer } | { refundStatus: string } | undefined;
  /** This many requests take effect and then break the connection, which Stripe's library retries. */
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

  /** Expires keys, as Stripe does after a day. */
  forgetKeys(): void {
    this.#kept.clear();
  }

  /**
   * A webhook about one of its objects.
   *
   * @returns the body and its signature header
   */
  event(
    type: string,
    object: object,
    id = `evt_${this.requests.length}_${type}`,
  ): { body: string; signature: string } {
    const body = JSON.stringify({
      id,
      object: "event",
      type,
      data: { object },
      created: seconds(),
      livemode: false,
    });
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
    this.requests.push({
      path: `${request.method} ${pathname}`,
      key: typeof key === "string" ? key : undefined,
      fields,
    });
    const { status, body } =
      request.headers.authorization === `Bearer ${stripeKey}`
        ? this.#answer(`${request.method} ${pathname}`, fields, typeof key === "string" ? key : undefined)
        : failure(401, "invalid_request_error", "Invalid API Key provided");
    if (this.lose > 0) {
      this.lose -= 1;
      request.socket.destroy();
      return;
    }
    response
      .writeHead(status, { "content-type": "application/json", "request-id": "req_1" })
      .end(JSON.stringify(body));
  }

  #answer(asked: string, fields: Fields, key: string | undefined): Answer {
    if (asked === "GET /v1/refunds") {
      const data = this.refunds.filter(({ payment_intent: of }) => of === fields["payment_intent"]);
      return { status: 200, body: { object: "list", data, has_more: false, url: "/v1/refunds" } };
    }
    const read = this.#read(asked, fields);
    if (read) return read;
    const request = createHash("sha256")
      .update(asked + JSON.stringify(fields))
      .digest("hex");
    const known = key === undefined ? undefined : this.#kept.get(key);
    if (known && known.request !== request)
      return failure(
        400,
        "idempotency_error",
        "Keys for idempotent requests can only be used with the same parameters",
      );
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

  /** Finishes a setup as Stripe's library does in the browser. @returns the setup as in its webhook */
  finishSetup(id: string, card: "pays" | "declines" | "asks" = "pays"): Thing {
    const setup = this.setups.find((known) => known.id === id);
    if (!setup) throw new Error(`there is no setup ${id}`);
    const method = {
      id: `pm_${this.methods.length + 1}`,
      object: "payment_method",
      type: "card",
      card: { brand: "visa", last4: "4242", exp_month: 8, exp_year: 2031 },
      customer: setup["customer"],
      behaviour: card,
    };
    this.methods.push(method);
    return Object.assign(setup, { status: "succeeded", payment_method: method.id });
  }

  #read(asked: string, fields: Fields): Answer | undefined {
    const intent = intentAnswer(asked, fields, this.intents);
    if (intent) return intent;
    const [, kind = "", id = ""] =
      /^GET \/v1\/(setup_intents|payment_methods)(?:\/(\w+))?$/.exec(asked) ?? [];
    if (kind === "setup_intents") {
      const setup = this.setups.find((known) => known.id === id);
      if (!setup) return failure(404, "invalid_request_error", `No such setupintent: '${id}'`);
      const method = this.methods.find((known) => known.id === setup["payment_method"]);
      return { status: 200, body: { ...setup, payment_method: method ?? null } };
    }
    if (kind === "payment_methods" && id === "") {
      const data = this.methods.filter(({ customer }) => customer === fields["customer"]);
      return { status: 200, body: { object: "list", data, has_more: false, url: "/v1/payment_methods" } };
    }
    if (kind === "payment_methods") {
      const method = this.methods.find((known) => known.id === id);
      return method
        ? { status: 200, body: method }
        : failure(404, "invalid_request_error", `No such PaymentMethod: '${id}'`);
    }
    return undefined;
  }

  /** A payment intent with `confirm`: charges the card that it names. */
  #confirmed(intent: Thing & { amount: number }, fields: Fields): Answer {
    const method = this.methods.find(({ id }) => id === fields["payment_method"]);
    if (!method || method["customer"] === null || method["customer"] !== fields["customer"])
      return failure(400, "invalid_request_error", "The PaymentMethod is not attached to the customer.");
    const declined = (code: string, message: string): Answer => {
      Object.assign(intent, { status: "requires_payment_method", last_payment_error: { code, message } });
      return { status: 402, body: { error: { type: "card_error", code, message, payment_intent: intent } } };
    };
    if (method["behaviour"] === "declines") return declined("card_declined", "Your card was declined.");
    if (method["behaviour"] === "asks") {
      if (fields["off_session"] === "true")
        return declined("authentication_required", "Your card was declined. It needs authentication.");
      Object.assign(intent, { status: "requires_action" });
    } else Object.assign(intent, { status: "succeeded", amount_received: intent.amount });
    return { status: 200, body: intent };
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
      const intent = {
        id,
        object: "payment_intent",
        amount: Number(fields["amount"]),
        currency: fields["currency"],
        metadata,
        status: "requires_payment_method",
        client_secret: `${id}_secret`,
        amount_received: 0,
      };
      this.intents.push(intent);
      return fields["confirm"] === "true" ? this.#confirmed(intent, fields) : { status: 200, body: intent };
    }
    if (asked === "POST /v1/customers") {
      const made = { id: `cus_${this.customers.length + 1}`, object: "customer", metadata };
      this.customers.push(made);
      return { status: 200, body: made };
    }
    if (asked === "POST /v1/setup_intents") {
      const id = `seti_${this.setups.length + 1}`;
      const setup = {
        id,
        object: "setup_intent",
        customer: fields["customer"],
        metadata,
        status: "requires_payment_method",
        client_secret: `${id}_secret`,
        payment_method: null,
        last_setup_error: null,
      };
      this.setups.push(setup);
      return { status: 200, body: setup };
    }
    const [, detached] = /^POST \/v1\/payment_methods\/(\w+)\/detach$/.exec(asked) ?? [];
    if (detached !== undefined) {
      const method = this.methods.find(({ id }) => id === detached);
      if (!method) return failure(404, "invalid_request_error", `No such PaymentMethod: '${detached}'`);
      if (method["customer"] === null)
        return failure(400, "invalid_request_error", "The payment method is not attached to a customer.");
      return { status: 200, body: Object.assign(method, { customer: null }) };
    }
    if (asked === "POST /v1/refunds") {
      const intent = this.intents.find(({ id }) => id === fields["payment_intent"]);
      if (!intent)
        return failure(404, "invalid_request_error", `No such payment_intent: '${fields["payment_intent"]}'`);
      const status = this.next && "refundStatus" in this.next ? this.next.refundStatus : "succeeded";
      this.next = undefined;
      const refund = {
        id: `re_${this.refunds.length + 1}`,
        object: "refund",
        amount: Number(fields["amount"]),
        currency: intent["currency"],
        payment_intent: intent.id,
        metadata,
        status,
      };
      this.refunds.push(refund);
      return { status: 200, body: refund };
    }
    return failure(404, "invalid_request_error", "Unrecognized request URL");
  }
}

function seconds(): number {
  return Math.floor(Date.now() / 1000);
}
