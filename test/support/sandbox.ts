import type { PspFaults } from "../../services/orders/payments/sandbox/psp-faults.ts";
import { pspFaults } from "../../services/orders/payments/sandbox/psp-faults.ts";
import type { PspPayment, PspRefund } from "../../services/orders/payments/sandbox/psp-book.ts";
import type { RunningPsp } from "../../services/orders/payments/sandbox/start-psp.ts";
import { startPsp } from "../../services/orders/payments/sandbox/start-psp.ts";

export const sandboxKey = "key-of-the-sandbox";
export const sandboxSecret = "secret-of-the-sandbox";

/** The payment sandbox as tests use it: over HTTP, as anyone would. */
export class Sandbox {
  readonly running: RunningPsp;

  private constructor(running: RunningPsp) {
    this.running = running;
  }

  static async start(): Promise<Sandbox> {
    return new Sandbox(await startPsp({ apiKey: sandboxKey, webhookSecret: sandboxSecret }));
  }

  get url(): string {
    return this.running.url;
  }

  /** The settings of a shop that uses it. */
  get env(): Record<string, string> {
    return {
      PAYMENT_PROVIDERS: "manual,sandbox",
      SANDBOX_URL: this.url,
      SANDBOX_API_KEY: sandboxKey,
      SANDBOX_WEBHOOK_SECRET: sandboxSecret,
    };
  }

  async call(
    method: string,
    path: string,
    body?: object,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; body: unknown }> {
    const response = await fetch(this.url + path, {
      method,
      headers: { authorization: `Bearer ${sandboxKey}`, ...headers },
      body: body && JSON.stringify(body),
    });
    return { status: response.status, body: await response.json() };
  }

  async faults(faults: Partial<PspFaults>): Promise<void> {
    await this.call("PUT", "/control/faults", pspFaults.parse(faults));
  }

  async sendTo(url: string): Promise<void> {
    await this.call("PUT", "/control/webhooks", { url });
  }

  async book(): Promise<{ payments: PspPayment[]; refunds: PspRefund[] }> {
    const { body } = await this.call("GET", "/v1/book");
    return body as { payments: PspPayment[]; refunds: PspRefund[] };
  }

  /** What the customer does on the payment page. */
  async pay(reference: string, outcome: "succeeded" | "failed" = "succeeded"): Promise<void> {
    await fetch(`${this.url}/pay/${reference}`, { method: "POST", body: new URLSearchParams({ outcome }) });
  }

  /** Resolves when the shop has taken all news; what is held does not count. */
  async settled(): Promise<void> {
    while (this.running.psp.book.waiting(1).length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  /** Delivers what is held, one after the other. @returns the shop's statuses */
  async release(reverse = false): Promise<number[]> {
    const { body } = await this.call("POST", "/control/releases", { reverse });
    return (body as { statuses: number[] }).statuses;
  }

  async stop(): Promise<void> {
    await this.running.close();
  }
}
