import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { PspPayment, PspRefund } from "../../services/orders/payments/sandbox/psp-book.ts";
import type { PspFaults } from "../../services/orders/payments/sandbox/psp-faults.ts";
import { pspFaults } from "../../services/orders/payments/sandbox/psp-faults.ts";
import type { RunningPsp } from "../../services/orders/payments/sandbox/start-psp.ts";
import { startPsp } from "../../services/orders/payments/sandbox/start-psp.ts";

export interface MoneyBook {
  readonly payments: readonly PspPayment[];
  readonly refunds: readonly PspRefund[];
}

const secrets = { apiKey: "key-of-the-sandbox", webhookSecret: "secret-of-the-sandbox" };
const customerPatienceMs = 5000;

/** The payment provider of a run. It can be away and come back, with the book that it had. */
export class PaymentProvider {
  readonly #file: string;
  readonly #port: number;
  #psp: RunningPsp;
  #webhookUrl: string | undefined;
  #faults: PspFaults = pspFaults.parse({});

  private constructor(file: string, port: number, psp: RunningPsp) {
    this.#file = file;
    this.#port = port;
    this.#psp = psp;
  }

  /** @param directory where it keeps its book */
  static async start(directory: string): Promise<PaymentProvider> {
    const [file, port] = [join(directory, "psp.sqlite"), await freePort()];
    return new PaymentProvider(file, port, await startPsp({ ...secrets, file, port }));
  }

  /** With which the shop uses it. */
  get settings(): Record<string, string> {
    return {
      PAYMENT_PROVIDERS: "manual,sandbox",
      SANDBOX_URL: `http://127.0.0.1:${this.#port}`,
      SANDBOX_API_KEY: secrets.apiKey,
      SANDBOX_WEBHOOK_SECRET: secrets.webhookSecret,
    };
  }

  /** Where its news go from now on. */
  tell(gateway: string): void {
    this.#webhookUrl = `${gateway}/api/v1/webhooks/payments/sandbox`;
    this.#psp.psp.webhooks.sendTo(this.#webhookUrl);
  }

  misbehave(faults: Partial<PspFaults>): void {
    this.#faults = pspFaults.parse(faults);
    this.#psp.psp.dice.set(this.#faults);
  }

  async goAway(): Promise<void> {
    await this.#psp.close();
  }

  async comeBack(): Promise<void> {
    this.#psp = await startPsp({ ...secrets, file: this.#file, port: this.#port, webhookUrl: this.#webhookUrl });
    this.#psp.psp.dice.set(this.#faults);
  }

  /** How many news the shop has not taken yet. */
  get untold(): number {
    return this.#psp.psp.book.waiting(1000).length;
  }

  /** The money as the provider has it. */
  book(): MoneyBook {
    const { book } = this.#psp.psp;
    return { payments: book.payments(), refunds: book.refunds() };
  }

  async close(): Promise<void> {
    await this.#psp.close();
  }
}

/** What a customer does on the provider's page; where nobody answers, they leave. */
export async function payOnPage(url: string, outcome: "succeeded" | "failed"): Promise<void> {
  const form = new URLSearchParams({ outcome });
  await fetch(url, { method: "POST", body: form, redirect: "manual", signal: AbortSignal.timeout(customerPatienceMs) })
    .then((response) => response.arrayBuffer())
    .catch(() => undefined);
}

async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}
