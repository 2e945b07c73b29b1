import { once } from "node:events";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { ConformingProvider, Operation } from "./provider.ts";

/**
 * - `timeout`: takes effect, and no response ever comes
 * - `error`: status 500 without an effect
 * - `malformed`: takes effect, and the response is no message of the provider
 * - `lost`: takes effect, and the connection breaks in the response
 */
export type Fault = "timeout" | "error" | "malformed" | "lost";

/** Stands between the shop and a provider, and lets requests fail. */
export class FaultProxy {
  /** The next request of each operation, once. */
  readonly faults = new Map<Operation, Fault>();
  readonly asked: Operation[] = [];
  readonly #provider: ConformingProvider;
  readonly #server: Server;

  constructor(provider: ConformingProvider) {
    this.#provider = provider;
    this.#server = createServer((request, response) => {
      this.#forward(request, response).catch(() => request.socket.destroy());
    });
  }

  async start(): Promise<void> {
    await once(this.#server.listen(0, "127.0.0.1"), "listening");
  }

  async stop(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }

  /** The provider's settings, with this proxy in its place. */
  get env(): Record<string, string> {
    const { env, url, urlSettings } = this.#provider;
    const own = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return {
      ...env,
      ...Object.fromEntries(urlSettings.map((name) => [name, (env[name] ?? "").replace(url, own)])),
    };
  }

  async #forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const { method = "GET", url: path = "/" } = request;
    const operation = this.#provider.operationOf(method, path, body.toString());
    const fault = operation && this.faults.get(operation);
    if (operation) {
      this.asked.push(operation);
      this.faults.delete(operation);
    }
    if (fault === "error") {
      response.writeHead(500, { "content-type": "application/json" }).end("{}");
      return;
    }
    const headers = Object.entries(request.headers).filter(
      ([name]) => !["host", "connection", "content-length", "transfer-encoding"].includes(name),
    );
    const answer = await fetch(this.#provider.url + path, {
      method,
      headers: headers.map(([name, value]): [string, string] => [name, String(value)]),
      ...(body.length > 0 && { body }),
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (fault === "timeout") return;
    if (fault === "lost") {
      // Before a response Stripe's library would try again by itself.
      response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
      response.write("{", () => request.socket.destroy());
    } else if (fault === "malformed") response.writeHead(200, { "content-type": "text/html" }).end("<html>");
    else {
      const kept = [...answer.headers].filter(
        ([name]) => !["connection", "content-length", "transfer-encoding", "keep-alive"].includes(name),
      );
      response.writeHead(answer.status, Object.fromEntries(kept)).end(bytes);
    }
  }
}
