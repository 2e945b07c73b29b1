import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { PspPayment, PspRefund } from "../../deploy/psp-sandbox/psp-ledger.ts";
import type { PspFaults } from "../../deploy/psp-sandbox/psp-faults.ts";
import { pspFaults } from "../../deploy/psp-sandbox/psp-faults.ts";
import type { RunningPsp } from "../../deploy/psp-sandbox/start-psp.ts";
import { startPsp } from "../../deploy/psp-sandbox/start-psp.ts";

export interface ProviderLedger {
  readonly payments: readonly PspPayment[];
  readonly refunds: readonly PspRefund[];
}

const secrets = { apiKey: "key-of-the-sandbox", webhookSecret: "secret-of-the-sandbox" };
const payPageTimeoutMs = 5000;

/** The payment provider of a run. It can stop and restart with its ledger. */
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

  /** @param directory of its ledger */
  static async start(directory: string): Promise<PaymentProvider> {
    const [file, port] = [join(directory, "psp.sqlite"), await freePort()];
    return new PaymentProvider(file, port, await startPsp({ ...secrets, file, port }));
  }

  /** Settings of the shop for it. */
  get settings(): Record<string, string> {
    return {
      PAYMENT_PROVIDERS: "manual,sandbox",
      SANDBOX_URL: `http://127.0.0.1:${this.#port}`,
      SANDBOX_API_KEY: secrets.apiKey,
      SANDBOX_WEBHOOK_SECRET: secrets.webhookSecret,
    };
  }

  /** Sends webhooks there from now on. */
  sendWebhooksTo(gateway: string): void {
    this.#webhookUrl = `${gateway}/api/v1/webhooks/payments/sandbox`;
    this.#psp.psp.webhooks.sendTo(this.#webhookUrl);
  }

  setFaults(faults: Partial<PspFaults>): void {
    this.#faults = pspFaults.parse(faults);
    this.#psp.psp.injector.set(this.#faults);
  }

  async stop(): Promise<void> {
    await this.#psp.close();
  }

  async restart(): Promise<void> {
    this.#psp = await startPsp({
      ...secrets,
      file: this.#file,
      port: this.#port,
      webhookUrl: this.#webhookUrl,
    });
    this.#psp.psp.injector.set(this.#faults);
  }

  /** Number of unacknowledged webhooks. */
  get unsentWebhooks(): number {
    return this.#psp.psp.ledger.waiting(1000).length;
  }

  /** The provider's payments and refunds. */
  ledger(): ProviderLedger {
    const { ledger } = this.#psp.psp;
    return { payments: ledger.payments(), refunds: ledger.refunds() };
  }

  async close(): Promise<void> {
    await this.#psp.close();
  }
}

/** Submits the provider's payment page; gives up when the provider is unreachable. */
export async function payOnPage(url: string, outcome: "succeeded" | "failed"): Promise<void> {
  const form = new URLSearchParams({ outcome });
  await fetch(url, {
    method: "POST",
    body: form,
    redirect: "manual",
    signal: AbortSignal.timeout(payPageTimeoutMs),
  })
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
