import { newId } from "../../../mixins/contract/ids.ts";
import { signBody } from "../../../deploy/psp-sandbox/sign-body.ts";
import type { PspPayment } from "../../../deploy/psp-sandbox/psp-ledger.ts";
import { pspFaults } from "../../../deploy/psp-sandbox/psp-faults.ts";
import { Sandbox, sandboxSecret } from "../sandbox.ts";
import type {
  ConformingProvider,
  NoticeChange,
  NoticeKind,
  Operation,
  PaymentThere,
  SignedNotice,
} from "./provider.ts";

/** The payment sandbox, with its webhooks held. */
export class SandboxConformance implements ConformingProvider {
  readonly name = "sandbox";
  readonly currency = "GBP";
  readonly lacks = new Set(["processing", "pending refunds"] as const);
  readonly urlSettings = ["SANDBOX_URL"];
  #sandbox: Sandbox | undefined;

  async start(): Promise<void> {
    this.#sandbox = await Sandbox.start();
    await this.#sandbox.faults({ hold: true });
  }

  async stop(): Promise<void> {
    await this.#sandbox?.stop();
  }

  get #running(): Sandbox {
    if (!this.#sandbox) throw new Error("the sandbox is not started");
    return this.#sandbox;
  }

  get #psp() {
    return this.#running.running.psp;
  }

  get url(): string {
    return this.#running.url;
  }

  get env(): Record<string, string> {
    return this.#running.env;
  }

  operationOf(method: string, path: string): Operation | undefined {
    if (path.endsWith("/refunds")) return "refund";
    if (path.endsWith("/closures")) return "close";
    if (method === "POST" && path === "/v1/payments") return "start";
    return method === "GET" ? "query" : undefined;
  }

  #all(paymentId: string): PspPayment[] {
    return this.#psp.ledger.payments().filter(({ reference }) => reference === paymentId);
  }

  #one(paymentId: string): PspPayment {
    const [payment] = this.#all(paymentId);
    if (!payment) throw new Error(`there is no payment ${paymentId}`);
    return payment;
  }

  payments(paymentId: string): PaymentThere[] {
    return this.#all(paymentId).map(({ id, status, amount }) => {
      const given = this.#psp.ledger.refunds(id).filter((refund) => refund.status === "succeeded");
      return {
        status: status === "succeeded" ? "paid" : status === "closed" ? "closed" : "open",
        amount,
        refunded: given.reduce((sum, refund) => sum + refund.amount, 0),
        refunds: given.length,
      };
    });
  }

  pay(paymentId: string, isLate = false): boolean {
    return this.#psp.settle(this.#one(paymentId).id, isLate ? "late" : "succeeded")?.status === "succeeded";
  }

  decline(paymentId: string): void {
    this.#psp.settle(this.#one(paymentId).id, "failed");
  }

  process(): void {
    throw new Error("no bank is behind the sandbox");
  }

  notice(paymentId: string, kind: NoticeKind, change: NoticeChange = {}): SignedNotice {
    const payment = this.#one(paymentId);
    const { paymentId: reference = paymentId, amount = payment.amount, currency = payment.currency } = change;
    const id = change.paymentId === undefined ? payment.id : "sbx_pay_unknown";
    const failure = kind === "failed" ? "The customer gave up" : null;
    const type = kind === "failed" ? "payment.failed" : "payment.succeeded";
    return this.#signed({ id: newId(), type, data: { id, reference, amount, currency, failure } }, change);
  }

  unreadableNotice(): SignedNotice {
    return this.#signed({ id: newId() }, {});
  }

  #signed(message: object, { isForged, ageMs = 0 }: NoticeChange): SignedNotice {
    const body = JSON.stringify(message);
    const secret = isForged ? "another secret" : sandboxSecret;
    const signature = signBody(Buffer.from(body), secret, Date.now() - ageMs);
    return { body, contentType: "application/json", headers: { "sandbox-signature": signature } };
  }

  nextRefund(): void {
    const { injector } = this.#psp;
    injector.set(pspFaults.parse({ hold: true, declineRefund: 1 }));
    const add = this.#psp.ledger.addRefund.bind(this.#psp.ledger);
    // Declines one refund only.
    this.#psp.ledger.addRefund = (refund) => {
      injector.set(pspFaults.parse({ hold: true }));
      this.#psp.ledger.addRefund = add;
      return add(refund);
    };
  }

  finishRefunds(): void {
    throw new Error("the sandbox gives refunds at once");
  }
}
