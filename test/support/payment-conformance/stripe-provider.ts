import { createHmac } from "node:crypto";
import { newId } from "../../../mixins/contract/ids.ts";
import { FakeStripe, stripeSecret } from "../fake-stripe.ts";
import type { Thing } from "../fake-stripe-intents.ts";
import type {
  ConformingProvider,
  NoticeChange,
  NoticeKind,
  Operation,
  PaymentThere,
  SignedNotice,
} from "./provider.ts";

/** The stand-in of Stripe. */
export class StripeConformance implements ConformingProvider {
  readonly name = "stripe";
  readonly currency = "GBP";
  readonly lacks = new Set<never>();
  readonly urlSettings = ["STRIPE_API_URL"];
  readonly #stripe = new FakeStripe();

  start(): Promise<void> {
    return this.#stripe.start();
  }

  stop(): Promise<void> {
    return this.#stripe.stop();
  }

  get env(): Record<string, string> {
    return this.#stripe.env;
  }

  get url(): string {
    return this.env["STRIPE_API_URL"] ?? "";
  }

  operationOf(method: string, path: string): Operation | undefined {
    if (path === "/v1/payment_intents" && method === "POST") return "start";
    if (path === "/v1/refunds" && method === "POST") return "refund";
    if (path.endsWith("/cancel")) return "close";
    return path.startsWith("/v1/payment_intents/") ? "query" : undefined;
  }

  #all(paymentId: string): Thing[] {
    return this.#stripe.intents.filter(
      ({ metadata }) => (metadata as Record<string, string>)["payment"] === paymentId,
    );
  }

  #one(paymentId: string): Thing {
    const [intent] = this.#all(paymentId);
    if (!intent) throw new Error(`there is no intent of ${paymentId}`);
    return intent;
  }

  payments(paymentId: string): PaymentThere[] {
    return this.#all(paymentId).map(({ id, status, amount }) => {
      const given = this.#stripe.refunds.filter(
        (refund) => refund["payment_intent"] === id && refund["status"] === "succeeded",
      );
      return {
        status: status === "succeeded" ? "paid" : status === "canceled" ? "closed" : "open",
        amount: Number(amount),
        refunded: given.reduce((sum, refund) => sum + Number(refund["amount"]), 0),
        refunds: given.length,
      };
    });
  }

  pay(paymentId: string, isLate = false): boolean {
    const intent = this.#one(paymentId);
    if (intent["status"] === "canceled" && !isLate) return false;
    Object.assign(intent, {
      status: "succeeded",
      amount_received: intent["amount"],
      last_payment_error: null,
    });
    return true;
  }

  decline(paymentId: string): void {
    const error = { code: "card_declined", message: "Your card was declined." };
    Object.assign(this.#one(paymentId), { status: "requires_payment_method", last_payment_error: error });
  }

  process(paymentId: string): void {
    Object.assign(this.#one(paymentId), { status: "processing" });
  }

  notice(paymentId: string, kind: NoticeKind, change: NoticeChange = {}): SignedNotice {
    const intent = this.#one(paymentId);
    const { amount = intent["amount"], currency = String(intent["currency"]) } = change;
    const object = {
      ...intent,
      ...(change.paymentId !== undefined && { id: "pi_unknown", metadata: { payment: change.paymentId } }),
      currency: currency.toLowerCase(),
      ...(kind === "paid" && { status: "succeeded", amount_received: amount }),
    };
    const type = kind === "paid" ? "payment_intent.succeeded" : "payment_intent.payment_failed";
    return this.#signed({ id: `evt_${newId()}`, object: "event", type, data: { object } }, change);
  }

  unreadableNotice(): SignedNotice {
    return this.#signed(undefined, {});
  }

  #signed(event: object | undefined, { isForged, ageMs = 0 }: NoticeChange): SignedNotice {
    const body = event ? JSON.stringify(event) : "no JSON";
    const seconds = Math.floor((Date.now() - ageMs) / 1000);
    const secret = isForged ? "whsec_of_another" : stripeSecret;
    const digest = createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex");
    const headers = { "stripe-signature": `t=${seconds},v1=${digest}` };
    return { body, contentType: "application/json", headers };
  }

  nextRefund(result: "pending" | "failed"): void {
    this.#stripe.next = { refundStatus: result };
  }

  finishRefunds(): void {
    for (const refund of this.#stripe.refunds)
      if (refund["status"] === "pending") Object.assign(refund, { status: "succeeded" });
  }
}
