import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { PspLedger } from "./psp-ledger.ts";
import { FaultInjector } from "./psp-faults.ts";
import { Psp } from "./psp-requests.ts";
import { pspServer } from "./psp-server.ts";
import { PspWebhooks } from "./psp-webhooks.ts";

export interface PspOptions {
  readonly apiKey: string;
  /** Key that signs its webhooks. */
  readonly webhookSecret: string;
  /** Ledger file; in memory when absent. */
  readonly file?: string;
  readonly host?: string;
  /** Any free one when absent. */
  readonly port?: number;
  /** URL for customers, if it differs from the listen address. */
  readonly publicUrl?: string;
  /** The shop's webhook route; webhooks wait until it is known. */
  readonly webhookUrl?: string;
}

/** A running payment provider. */
export interface RunningPsp {
  /** Base URL without a trailing slash. */
  readonly url: string;
  readonly psp: Psp;
  close(): Promise<void>;
}

/** Starts the payment sandbox: a built-in payment provider for experiments and fault injection. */
export async function startPsp(options: PspOptions): Promise<RunningPsp> {
  const {
    apiKey,
    webhookSecret,
    file = ":memory:",
    host = "127.0.0.1",
    port = 0,
    publicUrl,
    webhookUrl,
  } = options;
  const ledger = new PspLedger(file);
  const injector = new FaultInjector();
  const webhooks = new PspWebhooks(ledger, injector, webhookSecret);
  let url = "";
  const psp = new Psp(ledger, injector, webhooks, () => url);
  const server = pspServer(psp, apiKey);
  try {
    server.listen(port, host);
    await once(server, "listening");
  } catch (error) {
    ledger.close();
    throw error;
  }
  const { port: listening } = server.address() as AddressInfo;
  url = publicUrl ?? `http://${["0.0.0.0", "127.0.0.1"].includes(host) ? "localhost" : host}:${listening}`;
  if (webhookUrl !== undefined) webhooks.sendTo(webhookUrl);
  return {
    url,
    psp,
    async close() {
      await webhooks.stop();
      server.close();
      server.closeAllConnections();
      await once(server, "close");
      ledger.close();
    },
  };
}
