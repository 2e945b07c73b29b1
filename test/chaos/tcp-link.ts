import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** Impairment of a link. */
export type LinkImpairment =
  /** Closes connections and refuses new ones. */
  | { readonly kind: "refuse" }
  /** Data is held back without an error, and delivered afterwards. */
  | { readonly kind: "black-hole" }
  | { readonly kind: "delay"; readonly ms: number }
  | { readonly kind: "throttle"; readonly bytesPerSecond: number }
  /** Truncates each message and drops its connection. */
  | { readonly kind: "cut" }
  /** Present connections lose all further data without an error; new ones work. */
  | { readonly kind: "lose" };

interface Connection {
  readonly client: Socket;
  readonly server: Socket;
  isLost: boolean;
}

/** A TCP proxy that simulates network faults in front of a server. */
export class TcpLink {
  readonly #target: { readonly host: string; readonly port: number };
  readonly #listener: Server;
  readonly #open = new Set<Connection>();
  #impairment: LinkImpairment | undefined;
  #cleared = Promise.withResolvers<void>();

  private constructor(target: { host: string; port: number }) {
    this.#target = target;
    this.#listener = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.#accept(client));
  }

  /** Listens on a free local port. */
  static async to(host: string, port: number): Promise<TcpLink> {
    const link = new TcpLink({ host, port });
    link.#listener.listen(0, "127.0.0.1");
    await once(link.#listener, "listening");
    return link;
  }

  get port(): number {
    return (this.#listener.address() as AddressInfo).port;
  }

  impair(impairment: LinkImpairment): void {
    this.#impairment = impairment;
    if (impairment.kind === "refuse") this.#reset();
    if (impairment.kind === "lose") for (const ends of this.#open) ends.isLost = true;
  }

  clear(): void {
    this.#impairment = undefined;
    this.#cleared.resolve();
    this.#cleared = Promise.withResolvers<void>();
  }

  async close(): Promise<void> {
    this.clear();
    const closed = once(this.#listener, "close");
    this.#listener.close();
    this.#reset();
    await closed;
  }

  #reset(): void {
    for (const ends of this.#open) end(ends);
  }

  #accept(client: Socket): void {
    if (this.#impairment?.kind === "refuse") {
      client.on("error", () => undefined);
      client.resetAndDestroy();
      return;
    }
    const ends = {
      client,
      isLost: false,
      server: connect({ ...this.#target, allowHalfOpen: true, noDelay: true }),
    };
    this.#open.add(ends);
    // Until both are closed: the last data may not be read, which would keep the link open.
    let sockets = 2;
    const closed = () => {
      sockets -= 1;
      if (sockets === 0) this.#open.delete(ends);
    };
    for (const socket of [ends.client, ends.server])
      socket.on("error", () => end(ends)).once("close", closed);
    Promise.all([
      this.#pump(ends.client, ends.server, ends),
      this.#pump(ends.server, ends.client, ends),
    ]).catch(() => end(ends));
  }

  async #pump(from: Socket, to: Socket, ends: Connection): Promise<void> {
    for await (const chunk of from as AsyncIterable<Buffer>) {
      await this.#waitToPass(chunk.length);
      if (ends.isLost) continue;
      if (this.#impairment?.kind === "cut") {
        await new Promise((resolve) => to.write(chunk.subarray(0, Math.ceil(chunk.length / 2)), resolve));
        end(ends);
        return;
      }
      if (!to.write(chunk)) await Promise.race([once(to, "drain"), once(to, "close")]);
    }
    await this.#waitToPass(0);
    // A lost connection is closed at its other end once the client has given it up.
    if (!ends.isLost) to.end();
    else if (from === ends.client) end(ends);
  }

  /** Resolves when this many bytes may pass. */
  async #waitToPass(bytes: number): Promise<void> {
    while (this.#impairment?.kind === "black-hole") await this.#cleared.promise;
    if (this.#impairment?.kind === "delay") await sleep(this.#impairment.ms);
    if (this.#impairment?.kind === "throttle") await sleep((bytes / this.#impairment.bytesPerSecond) * 1000);
  }
}

function end({ client, server }: Connection): void {
  client.resetAndDestroy();
  server.resetAndDestroy();
}
