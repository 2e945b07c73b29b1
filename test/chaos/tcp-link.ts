import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** What is wrong with a link. */
export type LinkTrouble =
  /** Connections end, and new ones are turned away. */
  | { readonly kind: "refuse" }
  /** Nothing passes and nobody is told; what was held back passes when it is over. */
  | { readonly kind: "black-hole" }
  | { readonly kind: "delay"; readonly ms: number }
  | { readonly kind: "throttle"; readonly bytesPerSecond: number }
  /** Each message is cut in the middle, and its connection is gone. */
  | { readonly kind: "cut" }
  /** On the connections of this moment nothing will ever pass again, and nobody is told; new ones are good. */
  | { readonly kind: "lose" };

interface Ends {
  readonly client: Socket;
  readonly server: Socket;
  isLost: boolean;
}

/** A TCP proxy in front of a server, so that the way to it can fail while both ends are well. */
export class TcpLink {
  readonly #target: { readonly host: string; readonly port: number };
  readonly #listener: Server;
  readonly #open = new Set<Ends>();
  #trouble: LinkTrouble | undefined;
  #cleared = Promise.withResolvers<void>();

  private constructor(target: { host: string; port: number }) {
    this.#target = target;
    this.#listener = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.#accept(client));
  }

  /** Listens on a free port of this machine. */
  static async to(host: string, port: number): Promise<TcpLink> {
    const link = new TcpLink({ host, port });
    link.#listener.listen(0, "127.0.0.1");
    await once(link.#listener, "listening");
    return link;
  }

  get port(): number {
    return (this.#listener.address() as AddressInfo).port;
  }

  trouble(trouble: LinkTrouble): void {
    this.#trouble = trouble;
    if (trouble.kind === "refuse") this.#reset();
    if (trouble.kind === "lose") for (const ends of this.#open) ends.isLost = true;
  }

  clear(): void {
    this.#trouble = undefined;
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
    if (this.#trouble?.kind === "refuse") {
      client.on("error", () => undefined);
      client.resetAndDestroy();
      return;
    }
    const ends = { client, isLost: false, server: connect({ ...this.#target, allowHalfOpen: true, noDelay: true }) };
    this.#open.add(ends);
    for (const socket of [ends.client, ends.server]) socket.on("error", () => end(ends));
    void Promise.all([this.#pump(ends.client, ends.server, ends), this.#pump(ends.server, ends.client, ends)])
      .catch(() => end(ends))
      .finally(() => this.#open.delete(ends));
  }

  async #pump(from: Socket, to: Socket, ends: Ends): Promise<void> {
    for await (const chunk of from as AsyncIterable<Buffer>) {
      await this.#passage(chunk.length);
      if (ends.isLost) continue;
      if (this.#trouble?.kind === "cut") {
        await new Promise((resolve) => to.write(chunk.subarray(0, Math.ceil(chunk.length / 2)), resolve));
        end(ends);
        return;
      }
      if (!to.write(chunk)) await Promise.race([once(to, "drain"), once(to, "close")]);
    }
    await this.#passage(0);
    // The other end of a lost connection hears of its end when it is the client that has given it up.
    if (!ends.isLost) to.end();
    else if (from === ends.client) end(ends);
  }

  /** Resolves when so many bytes may pass. */
  async #passage(bytes: number): Promise<void> {
    while (this.#trouble?.kind === "black-hole") await this.#cleared.promise;
    if (this.#trouble?.kind === "delay") await sleep(this.#trouble.ms);
    if (this.#trouble?.kind === "throttle") await sleep((bytes / this.#trouble.bytesPerSecond) * 1000);
  }
}

function end({ client, server }: Ends): void {
  client.resetAndDestroy();
  server.resetAndDestroy();
}
