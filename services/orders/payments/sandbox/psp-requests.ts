import { z } from "zod";
import type { KeptAnswer, PspBook, PspPayment } from "./psp-book.ts";
import type { FaultDice } from "./psp-faults.ts";
import type { NoticeType, PspWebhooks } from "./psp-webhooks.ts";

export interface PspAnswer {
  readonly status: number;
  readonly body: unknown;
}

const amount = z.int().min(1).max(1_000_000_000_000);
const reference = z.string().min(1).max(100);
const paymentRequest = z.strictObject({
  amount,
  currency: z.string().regex(/^[A-Z]{3}$/),
  reference,
  description: z.string().max(200),
});
const refundRequest = z.strictObject({ amount, reference });

/** What the provider does: it takes payments and refunds on, once for each idempotency key, and settles them. */
export class Psp {
  readonly book: PspBook;
  readonly dice: FaultDice;
  readonly webhooks: PspWebhooks;
  readonly #url: () => string;

  /** @param url where customers pay, without a slash at the end */
  constructor(book: PspBook, dice: FaultDice, webhooks: PspWebhooks, url: () => string) {
    this.book = book;
    this.dice = dice;
    this.webhooks = webhooks;
    this.#url = url;
  }

  createPayment(key: string, body: unknown): PspAnswer {
    return this.#once(key, "payment", body, paymentRequest, (request, now) => {
      const payment = this.book.addPayment({ ...request, createdAt: now });
      this.webhooks.add("payment.created", payment, now);
      return { status: 201, body: this.present(payment) };
    });
  }

  createRefund(key: string, paymentId: string, body: unknown): PspAnswer {
    return this.#once(key, `refund of ${paymentId}`, body, refundRequest, (request, now) => {
      const payment = this.book.payment(paymentId);
      if (!payment) return refusal(404, "unknown_payment", "There is no such payment");
      const given = this.book
        .refunds(paymentId)
        .reduce((sum, refund) => sum + (refund.status === "succeeded" ? refund.amount : 0), 0);
      if (payment.status !== "succeeded") return refusal(409, "not_paid", "The payment has not succeeded");
      if (request.amount > payment.amount - given) return refusal(409, "too_much", "That much is not left of the payment");
      const declined = this.dice.strikes("declineRefund");
      const refund = this.book.addRefund({
        ...request,
        paymentId,
        currency: payment.currency,
        status: declined ? "failed" : "succeeded",
        failure: declined ? "The bank declined the refund" : null,
        createdAt: now,
      });
      this.webhooks.add(`refund.${refund.status}`, refund, now);
      return { status: 201, body: refund };
    });
  }

  /** What the customer does on the payment page. @returns the payment as it is then */
  settle(paymentId: string, wanted: "succeeded" | "failed"): PspPayment | undefined {
    const declined = wanted === "succeeded" && this.dice.strikes("declinePayment");
    const status = declined ? "failed" : wanted;
    const failure = status === "succeeded" ? null : declined ? "The card was declined" : "The customer gave up";
    const settled = this.book.atOnce(() => {
      const payment = this.book.settlePayment(paymentId, status, failure);
      if (payment) this.webhooks.add(`payment.${status}` satisfies NoticeType, payment, Date.now());
      return payment;
    });
    this.webhooks.wake();
    return settled ?? this.book.payment(paymentId);
  }

  present(payment: PspPayment): PspPayment & { readonly url: string } {
    return { ...payment, url: `${this.#url()}/pay/${payment.id}` };
  }

  #once<T>(
    key: string,
    what: string,
    body: unknown,
    schema: z.ZodType<T>,
    work: (request: T, now: number) => PspAnswer,
  ): PspAnswer {
    const parsed = schema.safeParse(body);
    if (!parsed.success) return refusal(422, "invalid_request", z.prettifyError(parsed.error));
    const request = JSON.stringify([what, parsed.data]);
    const answer = this.book.atOnce((): KeptAnswer => {
      const known = this.book.answer(key);
      if (known) return known;
      const { status, body: answered } = work(parsed.data, Date.now());
      const made = { request, status, body: JSON.stringify(answered) };
      this.book.keepAnswer(key, made);
      return made;
    });
    if (answer.request !== request) return refusal(422, "key_reused", "The idempotency key was used for another request");
    this.webhooks.wake();
    return { status: answer.status, body: JSON.parse(answer.body) as unknown };
  }
}

export function refusal(status: number, code: string, message: string): PspAnswer {
  return { status, body: { error: { code, message } } };
}
