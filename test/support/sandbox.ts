import type { PspFaults } from "../../deploy/psp-sandbox/psp-faults.ts";
import { pspFaults } from "../../deploy/psp-sandbox/psp-faults.ts";
import type { PspMethod, PspPayment, PspRefund } from "../../deploy/psp-sandbox/psp-ledger.ts";
import type { RunningPsp } from "../../deploy/psp-sandbox/start-psp.ts";
import { startPsp } from "../../deploy/psp-sandbox/start-psp.ts";

export const sandboxKey = "key-of-the-sandbox";
export const sandboxSecret = "secret-of-the-sandbox";

/** HTTP client of the payment sandbox. */
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

  async ledger(): Promise<{ payments: PspPayment[]; refunds: PspRefund[]; methods: PspMethod[] }> {
    const { body } = await this.call("GET", "/v1/book");
    return body as { payments: PspPayment[]; refunds: PspRefund[]; methods: PspMethod[] };
  }

  /** Submits the setup page. @param card empty: gives up */
  async save(url: string, card: PspMethod["behaviour"] | "" = "pays"): Promise<void> {
    await fetch(url, { method: "POST", body: new URLSearchParams({ card }) });
  }

  /** Submits the payment page. */
  async pay(reference: string, outcome: "succeeded" | "failed" = "succeeded"): Promise<void> {
    await fetch(`${this.url}/pay/${reference}`, { method: "POST", body: new URLSearchParams({ outcome }) });
  }

  /** Resolves when the shop has acknowledged all notifications, without held ones. */
  async settled(): Promise<void> {
    while (this.running.psp.ledger.waiting(1).length > 0)
      await new Promise((resolve) => setTimeout(resolve, 5));
  }

  /**
   * Delivers held notifications one after another.
   *
   * @returns the shop's statuses
   */
  async release(reverse = false): Promise<number[]> {
    const { body } = await this.call("POST", "/control/releases", { reverse });
    return (body as { statuses: number[] }).statuses;
  }

  async stop(): Promise<void> {
    await this.running.close();
  }
}
