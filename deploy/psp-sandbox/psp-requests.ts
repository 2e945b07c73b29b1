import { z } from "zod";
import type { PspLedger, PspMethod, PspPayment, PspSetup, StoredResponse } from "./psp-ledger.ts";
import type { FaultInjector } from "./psp-faults.ts";
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
const setupRequest = z.strictObject({ reference, customer: z.string().min(1).max(100) });
const chargeRequest = z.strictObject({
  ...paymentRequest.shape,
  method: z.string().max(100),
  customer: z.string().min(1).max(100),
  /** The customer is absent. */
  offSession: z.boolean(),
});
const refundRequest = z.strictObject({ amount, reference });

/** The cards that a customer can choose on the setup page. */
export const cards = {
  pays: { brand: "visa", lastFour: "4242" },
  declines: { brand: "visa", lastFour: "0002" },
  asks: { brand: "mastercard", lastFour: "3184" },
} as const satisfies Record<PspMethod["behaviour"], Pick<PspMethod, "brand" | "lastFour">>;
const yearsValid = 4;

/**
 * The provider's operations: creates payments, setups, charges and refunds, once per idempotency key, and
 * settles them.
 */
export class Psp {
  readonly ledger: PspLedger;
  readonly injector: FaultInjector;
  readonly webhooks: PspWebhooks;
  readonly #url: () => string;

  /** @param url base URL for customers, without a trailing slash */
  constructor(ledger: PspLedger, injector: FaultInjector, webhooks: PspWebhooks, url: () => string) {
    this.ledger = ledger;
    this.injector = injector;
    this.webhooks = webhooks;
    this.#url = url;
  }

  createPayment(key: string, body: unknown): PspAnswer {
    return this.#once(key, "payment", body, paymentRequest, (request, now) => {
      const payment = this.ledger.addPayment({ ...request, createdAt: now });
      this.webhooks.add("payment.created", payment, now);
      return { status: 201, body: this.present(payment) };
    });
  }

  createRefund(key: string, paymentId: string, body: unknown): PspAnswer {
    return this.#once(key, `refund of ${paymentId}`, body, refundRequest, (request, now) => {
      const payment = this.ledger.payment(paymentId);
      if (!payment) return refusal(404, "unknown_payment", "Payment not found");
      const given = this.ledger
        .refunds(paymentId)
        .reduce((sum, refund) => sum + (refund.status === "succeeded" ? refund.amount : 0), 0);
      if (payment.status !== "succeeded") return refusal(409, "not_paid", "The payment has not succeeded");
      if (request.amount > payment.amount - given)
        return refusal(409, "too_much", "The amount exceeds the remainder of the payment");
      const declined = this.injector.injects("declineRefund");
      const refund = this.ledger.addRefund({
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

  /** Closes a payment, unless it is paid. @returns the payment as it is then */
  closePayment(paymentId: string): PspAnswer {
    const now = Date.now();
    const payment = this.ledger.transaction(() => {
      const closed = this.ledger.settlePayment(paymentId, "closed", "The shop closed it");
      if (closed) this.webhooks.add("payment.closed", closed, now);
      return closed ?? this.ledger.payment(paymentId);
    });
    this.webhooks.wake();
    return payment
      ? { status: 200, body: this.present(payment) }
      : refusal(404, "unknown_payment", "Payment not found");
  }

  createSetup(key: string, body: unknown): PspAnswer {
    return this.#once(key, "setup", body, setupRequest, (request, now) => {
      const setup = this.ledger.addSetup({ ...request, createdAt: now });
      return { status: 201, body: this.presentSetup(setup) };
    });
  }

  /** Charges a saved card; the result is in the response, and in a webhook. */
  createCharge(key: string, body: unknown): PspAnswer {
    return this.#once(
      key,
      "charge",
      body,
      chargeRequest,
      ({ method: id, customer, offSession, ...asked }, now) => {
        const method = this.ledger.method(id);
        if (!method || method.detachedAt !== null || method.customer !== customer)
          return refusal(404, "unknown_method", "Payment method not found");
        const payment = this.ledger.addPayment({ ...asked, createdAt: now });
        const declines = method.behaviour === "declines" || this.injector.injects("declinePayment");
        if (method.behaviour === "asks" && !declines) {
          const code = "authentication_required";
          const failure = "The bank asks the customer to authenticate the payment";
          if (!offSession) return { status: 201, body: { ...this.present(payment), failure, code } };
          return { status: 201, body: { ...this.#settleCharge(payment, failure, now), code } };
        }
        const failure = declines ? "The card was declined" : null;
        return {
          status: 201,
          body: { ...this.#settleCharge(payment, failure, now), code: declines ? "card_declined" : null },
        };
      },
    );
  }

  #settleCharge({ id }: PspPayment, failure: string | null, now: number): PspPayment {
    const status = failure === null ? "succeeded" : "failed";
    const settled = this.ledger.settlePayment(id, status, failure);
    if (!settled) throw new Error(`charge ${id} was settled before`);
    this.webhooks.add(`payment.${status}` satisfies NoticeType, settled, now);
    return this.present(settled);
  }

  /**
   * Finishes a setup as the customer chose on the setup page.
   *
   * @param card undefined: the customer gave up, and can try again
   * @returns the setup
   */
  finishSetup(setupId: string, card: PspMethod["behaviour"] | undefined): PspSetup | undefined {
    const now = Date.now();
    this.ledger.transaction(() => {
      const setup = this.ledger.setup(setupId);
      if (setup?.status !== "pending") return;
      const failure = card ? null : "The customer gave up";
      const expiry = { expiryMonth: 12, expiryYear: new Date(now).getUTCFullYear() + yearsValid };
      const { customer } = setup;
      const method =
        card &&
        this.ledger.addMethod({ customer, ...cards[card], ...expiry, behaviour: card, createdAt: now });
      const finished = this.ledger.finishSetup(setupId, { failure, methodId: method?.id ?? null });
      if (finished) this.webhooks.add(card ? "setup.succeeded" : "setup.failed", finished, now);
    });
    this.webhooks.wake();
    return this.ledger.setup(setupId);
  }

  detach(methodId: string): PspAnswer {
    const now = Date.now();
    const method = this.ledger.transaction(() => {
      const known = this.ledger.method(methodId);
      if (known && this.ledger.detachMethod(methodId, now)) this.webhooks.add("method.detached", known, now);
      return known;
    });
    this.webhooks.wake();
    return method
      ? { status: 200, body: { id: methodId, detached: true } }
      : refusal(404, "unknown_method", "Payment method not found");
  }

  presentSetup(setup: PspSetup): PspSetup & { readonly url: string; readonly method: PspMethod | null } {
    const method = setup.methodId === null ? undefined : this.ledger.method(setup.methodId);
    return { ...setup, url: `${this.#url()}/setup/${setup.id}`, method: method ?? null };
  }

  /**
   * Settles a payment as the customer chose on the payment page.
   *
   * @param wanted `late`: it succeeds although it was closed, as a bank's slow transfer does
   * @returns the payment
   */
  settle(paymentId: string, wanted: "succeeded" | "failed" | "late"): PspPayment | undefined {
    const declined = wanted === "succeeded" && this.injector.injects("declinePayment");
    const status = declined ? "failed" : wanted === "late" ? "succeeded" : wanted;
    const failure =
      status === "succeeded" ? null : declined ? "The card was declined" : "The customer gave up";
    const settled = this.ledger.transaction(() => {
      const payment =
        wanted === "late"
          ? this.ledger.payLate(paymentId)
          : this.ledger.settlePayment(paymentId, status, failure);
      if (payment) this.webhooks.add(`payment.${status}` satisfies NoticeType, payment, Date.now());
      return payment;
    });
    this.webhooks.wake();
    return settled ?? this.ledger.payment(paymentId);
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
    const answer = this.ledger.transaction((): StoredResponse => {
      const known = this.ledger.storedResponse(key);
      if (known) return known;
      const { status, body: answered } = work(parsed.data, Date.now());
      const made = { request, status, body: JSON.stringify(answered) };
      this.ledger.storeResponse(key, made);
      return made;
    });
    if (answer.request !== request)
      return refusal(422, "key_reused", "The idempotency key was used for another request");
    this.webhooks.wake();
    return { status: answer.status, body: JSON.parse(answer.body) as unknown };
  }
}

export function refusal(status: number, code: string, message: string): PspAnswer {
  return { status, body: { error: { code, message } } };
}
