import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";

/**
 * A TCP proxy for DATABASE_PRIMARY, like a shared address: new connections go to the server named in a file
 * at that time; open ones stay.
 */
export class MovingAddress {
  readonly #listener: Server;
  readonly #open = new Set<Socket>();

  private constructor(file: string) {
    this.#listener = createServer({ noDelay: true }, (client) => {
      const [host = "", port] = readFileSync(file, "utf8").trim().split(":");
      // The file is being rewritten.
      if (!port) return client.destroy();
      const server = connect({ host, port: Number(port), noDelay: true });
      for (const [from, to] of [
        [client, server],
        [server, client],
      ] as const) {
        this.#open.add(from);
        from.on("error", () => to.destroy());
        from.on("close", () => {
          this.#open.delete(from);
          to.destroy();
        });
        from.pipe(to);
      }
    });
  }

  /** @param file holds `host:port` */
  static async of(file: string): Promise<MovingAddress> {
    const address = new MovingAddress(file);
    address.#listener.listen(0, "127.0.0.1");
    await once(address.#listener, "listening");
    return address;
  }

  get port(): number {
    return (this.#listener.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const closed = once(this.#listener, "close");
    this.#listener.close();
    for (const socket of this.#open) socket.destroy();
    await closed;
  }
}
