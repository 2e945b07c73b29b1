import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** Status and response time. */
export interface Answer {
  readonly status: number;
  readonly tookMs: number;
}

/** One keep-alive connection with sequential requests; optimized, so that the shop is the bottleneck. */
export class Connection {
  readonly #socket: Socket;
  #text = "";
  #began = 0;
  #done: ((answer: Answer) => void) | undefined;

  constructor(port: number) {
    this.#socket = connect(port, "127.0.0.1").setNoDelay().setEncoding("latin1");
    this.#socket.on("data", (text: string) => this.#read(text));
    this.#socket.on("error", () => undefined);
    this.#socket.on("close", () => this.#end(0));
  }

  async opened(): Promise<void> {
    if (this.#socket.connecting) await once(this.#socket, "connect");
  }

  get isUsable(): boolean {
    return !this.#socket.destroyed;
  }

  /** @param done receives status 0 without a response */
  get(path: string, done: (answer: Answer) => void): void {
    this.#done = done;
    this.#began = performance.now();
    this.#socket.write(`GET ${path} HTTP/1.1\r\nHost: shop\r\n\r\n`);
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(text: string): void {
    this.#text += text;
    const end = this.#text.indexOf("\r\n\r\n");
    if (end === -1) return;
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(this.#text)?.[1] ?? 0);
    if (this.#text.length < end + 4 + length) return;
    const status = Number(this.#text.slice(9, 12));
    this.#text = "";
    this.#end(status);
  }

  #end(status: number): void {
    const done = this.#done;
    this.#done = undefined;
    done?.({ status, tookMs: performance.now() - this.#began });
  }
}
