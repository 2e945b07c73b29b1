import { z } from "zod";
import type { OnlinePaymentProvider, PaymentToStart, ProviderNotice, RefundOutcome, RefundToGive, StartedPayment } from "../provider.ts";
import { InvalidSignature, ProviderRefusal, ProviderUnreachable, providerTimeoutMs } from "../provider.ts";
import { isSignedBody } from "../signed-body.ts";

const startedPayment = z.object({ id: z.string(), url: z.string() });
const givenRefund = z.object({ id: z.string(), status: z.enum(["succeeded", "failed"]), failure: z.string().nullable() });
const refused = z.object({ error: z.object({ message: z.string() }) });
const notice = z.object({ id: z.string().max(255), type: z.string().max(60), data: z.unknown() });
const subject = z.object({ id: z.string().max(255), reference: z.string(), failure: z.string().nullable() });
const payment = z.object({ ...subject.shape, amount: z.int(), currency: z.string().regex(/^[A-Z]{3}$/) });

export interface SandboxOptions {
  /** Where it is by now, without a slash at the end. */
  readonly url: () => string;
  readonly apiKey: string;
  readonly webhookSecret: string;
}

/** The payment sandbox, in the box or elsewhere. */
export class SandboxProvider implements OnlinePaymentProvider {
  readonly name = "sandbox";
  readonly #options: SandboxOptions;

  constructor(options: SandboxOptions) {
    this.#options = options;
  }

  async start({ id, orderNumber, amount, currency }: PaymentToStart): Promise<StartedPayment> {
    const request = { amount, currency, reference: id, description: `Order ${orderNumber}` };
    const { id: reference, url } = startedPayment.parse(await this.#post("/v1/payments", id, request));
    return { reference, next: { action: "redirect", url } };
  }

  async refund({ id, key, paymentReference, amount }: RefundToGive): Promise<RefundOutcome> {
    try {
      const path = `/v1/payments/${encodeURIComponent(paymentReference ?? "-")}/refunds`;
      const given = givenRefund.parse(await this.#post(path, key, { amount, reference: id }));
      if (given.status === "succeeded") return { status: "succeeded", reference: given.id };
      return { status: "failed", reference: given.id, reason: given.failure ?? "No reason was given" };
    } catch (error) {
      if (error instanceof ProviderRefusal) return { status: "failed", reference: null, reason: error.message };
      throw error;
    }
  }

  readNotice(body: Buffer, signature: string | undefined, now: number): ProviderNotice {
    if (signature === undefined || !isSignedBody(body, signature, this.#options.webhookSecret, now)) throw new InvalidSignature();
    const { id: eventId, type, data } = readAs(notice, JSON.parse(body.toString("utf8")));
    switch (type) {
      case "payment.succeeded":
      case "payment.failed": {
        const { id: reference, reference: id, failure, amount, currency } = readAs(payment, data);
        const status = type === "payment.succeeded" ? "succeeded" : "failed";
        return { eventId, type, news: { about: "payment", id, reference, status, amount, currency, reason: failure ?? "" } };
      }
      case "refund.succeeded":
      case "refund.failed": {
        const { id: reference, reference: id, failure } = readAs(subject, data);
        const status = type === "refund.succeeded" ? "succeeded" : "failed";
        return { eventId, type, news: { about: "refund", id, reference, status, reason: failure ?? "" } };
      }
      default:
        return { eventId, type, news: undefined };
    }
  }

  async #post(path: string, key: string, request: object): Promise<unknown> {
    const { url, apiKey } = this.#options;
    const headers = {
      authorization: `Bearer ${apiKey}`,
      "content-type": "application/json",
      "idempotency-key": key,
    };
    const signal = AbortSignal.timeout(providerTimeoutMs);
    try {
      const response = await fetch(url() + path, { method: "POST", headers, body: JSON.stringify(request), signal });
      const answer: unknown = await response.json();
      if (response.ok) return answer;
      const refusal = refused.safeParse(answer);
      const itself = response.status < 500 && response.status !== 401 && response.status !== 429;
      if (itself && refusal.success) throw new ProviderRefusal(refusal.data.error.message);
      throw new ProviderUnreachable(`the payment sandbox answered ${response.status}`, { timedOut: false });
    } catch (cause) {
      if (cause instanceof ProviderRefusal || cause instanceof ProviderUnreachable) throw cause;
      const timedOut = signal.aborted;
      throw new ProviderUnreachable(`the payment sandbox ${timedOut ? "took too long" : "did not answer"}`, { timedOut, cause });
    }
  }
}

function readAs<T>(schema: z.ZodType<T>, value: unknown): T {
  const read = schema.safeParse(value);
  if (!read.success) throw new SyntaxError("the webhook is not as the sandbox writes them");
  return read.data;
}
