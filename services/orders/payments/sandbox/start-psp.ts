import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { PspBook } from "./psp-book.ts";
import { FaultDice } from "./psp-faults.ts";
import { Psp } from "./psp-requests.ts";
import { pspServer } from "./psp-server.ts";
import { PspWebhooks } from "./psp-webhooks.ts";

export interface PspOptions {
  readonly apiKey: string;
  /** With which its webhooks are signed. */
  readonly webhookSecret: string;
  /** Where its book is; in memory when absent. */
  readonly file?: string;
  readonly host?: string;
  /** Any free one when absent. */
  readonly port?: number;
  /** Where customers reach it, when that is another address than the one it listens on. */
  readonly publicUrl?: string;
  /** The shop's webhook route; until it is known, webhooks wait. */
  readonly webhookUrl?: string;
}

/** A payment provider that runs here. */
export interface RunningPsp {
  /** Without a slash at the end. */
  readonly url: string;
  readonly psp: Psp;
  close(): Promise<void>;
}

/** Starts the payment sandbox: a payment provider in the box, for trying things out and for breaking things. */
export async function startPsp(options: PspOptions): Promise<RunningPsp> {
  const { apiKey, webhookSecret, file = ":memory:", host = "127.0.0.1", port = 0, publicUrl, webhookUrl } = options;
  const book = new PspBook(file);
  const dice = new FaultDice();
  const webhooks = new PspWebhooks(book, dice, webhookSecret);
  let url = "";
  const psp = new Psp(book, dice, webhooks, () => url);
  const server = pspServer(psp, apiKey);
  try {
    server.listen(port, host);
    await once(server, "listening");
  } catch (error) {
    book.close();
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
      book.close();
    },
  };
}
