import { once } from "node:events";
import type { Socket } from "node:net";
import { connect } from "node:net";

const chunk = Buffer.alloc(64 * 1024, "a");

/** A client that sends arbitrary bytes on its own connection. */
export class RawClient {
  readonly #socket: Socket;
  readonly #closed: Promise<void>;
  #received = "";

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding("latin1");
    socket.on("data", (text: string) => {
      this.#received += text;
    });
    // How it ends is of no interest, only that it does.
    socket.on("error", () => undefined);
    this.#closed = new Promise((resolve) => socket.once("close", () => resolve()));
  }

  static async connect(url: string): Promise<RawClient> {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    const client = new RawClient(socket);
    await once(socket, "connect");
    return client;
  }

  /** Received so far. */
  get received(): string {
    return this.#received;
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed;
  }

  get status(): number | undefined {
    const [, status] = /^HTTP\/1\.1 (\d{3})/.exec(this.#received) ?? [];
    return status === undefined ? undefined : Number(status);
  }

  send(text: string): void {
    this.#socket.write(text, "latin1");
  }

  head(method: string, path: string, headers: Readonly<Record<string, string>>): void {
    const lines = Object.entries({ host: "shop", ...headers }).map(
      ([name, value]) => `${name}: ${value}\r\n`,
    );
    this.send(`${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n`);
  }

  /**
   * Sends bytes until the connection is closed.
   *
   * @returns the number sent
   */
  async sendBytes(count: number, framed: boolean): Promise<number> {
    let sent = 0;
    while (sent < count && this.#socket.writable) {
      if (framed) this.#socket.write(`${chunk.length.toString(16)}\r\n`);
      const isTaken = this.#socket.write(framed ? Buffer.concat([chunk, Buffer.from("\r\n")]) : chunk);
      sent += chunk.length;
      if (!isTaken)
        await Promise.race([new Promise((resolve) => this.#socket.once("drain", resolve)), this.#closed]);
    }
    return sent;
  }

  /** Resolves when a response starts to arrive. */
  async answered(): Promise<number> {
    while (this.status === undefined && this.isOpen)
      await Promise.race([new Promise((resolve) => this.#socket.once("data", resolve)), this.#closed]);
    return this.status ?? 0;
  }

  /** Resolves when the peer has closed the connection; then closes this side too. */
  async ended(): Promise<void> {
    if (!this.#socket.readableEnded && this.isOpen)
      await Promise.race([new Promise((resolve) => this.#socket.once("end", resolve)), this.#closed]);
    this.#socket.destroy();
    await this.#closed;
  }

  close(): void {
    this.#socket.destroy();
  }
}
