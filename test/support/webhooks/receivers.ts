import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** A request as a receiver got it. */
export interface Received {
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
}

/** Response to a request; undefined hangs, `cut` closes the connection. */
export type Reply =
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string }
  | "cut"
  | undefined;

/** A receiver of webhooks on this machine. */
export class Receiver {
  readonly received: Received[] = [];
  reply: (request: Received, number: number) => Reply | Promise<Reply>;
  readonly #server: Server;

  private constructor(reply: Receiver["reply"]) {
    this.reply = reply;
    this.#server = createServer((request, response) => {
      // A client that goes away gets no answer.
      this.#answer(request, response).catch(() => response.destroy());
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const received = { headers: request.headers, body: await text(request), at: Date.now() };
    this.received.push(received);
    const answer = await this.reply(received, this.received.length);
    if (answer === "cut") response.destroy();
    else if (answer) response.writeHead(answer.status, answer.headers).end(answer.body);
  }

  static async open(reply: Receiver["reply"] = () => ({ status: 204 })): Promise<Receiver> {
    const receiver = new Receiver(reply);
    await new Promise<void>((resolve) => receiver.#server.listen(0, "127.0.0.1", resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hook`;
  }

  /** Ids of the events that it got, each attempt's. */
  get ids(): string[] {
    return this.received.map(({ headers }) => String(headers["webhook-id"]));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}
