import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { callbackify } from "node:util";
import type { SMTPServerSession } from "smtp-server";
import { SMTPServer } from "smtp-server";

export interface ReceivedMail {
  readonly to: string;
  /** Raw source. */
  readonly source: string;
}

/** An SMTP server on loopback with programmable responses. */
export class MailServer {
  readonly #server: SMTPServer;
  readonly #waiting: { readonly count: number; readonly resolve: (mails: ReceivedMail[]) => void }[] = [];
  readonly #received: ReceivedMail[] = [];
  /** Number of recipients offered, accepted or not. */
  asked = 0;
  /** Responses to the next recipients, in order; then 250. */
  answers: number[] = [];
  /** Runs after a letter has arrived and before it is accepted. */
  beforeAnswer: () => Promise<void> = () => Promise.resolve();

  constructor() {
    this.#server = new SMTPServer({
      authOptional: true,
      disabledCommands: ["STARTTLS", "AUTH"],
      onRcptTo: (_address, _session, callback) => {
        this.asked += 1;
        const answer = this.answers.shift() ?? 250;
        callback(answer === 250 ? null : Object.assign(new Error("not now"), { responseCode: answer }));
      },
      onData: callbackify((stream: Readable, session: SMTPServerSession) =>
        this.#receive({ to: session.envelope.rcptTo[0]?.address ?? "" }, stream),
      ),
    });
    // A client that is killed breaks its connection off.
    this.#server.on("error", () => undefined);
  }

  async start(): Promise<string> {
    const listening = this.#server.listen(0, "127.0.0.1");
    await once(listening, "listening");
    return `smtp://127.0.0.1:${(listening.address() as AddressInfo).port}`;
  }

  /** Number of letters accepted. */
  get count(): number {
    return this.#received.length;
  }

  /** Resolves when this many letters were accepted. */
  async received(count: number): Promise<ReceivedMail[]> {
    if (this.#received.length >= count) return [...this.#received];
    const { promise, resolve } = Promise.withResolvers<ReceivedMail[]>();
    this.#waiting.push({ count, resolve });
    return promise;
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #receive(letter: { to: string }, stream: Readable): Promise<void> {
    const source = await text(stream);
    await this.beforeAnswer();
    this.#deliver({ ...letter, source });
  }

  #deliver(mail: ReceivedMail): void {
    this.#received.push(mail);
    for (const { count, resolve } of this.#waiting)
      if (this.#received.length >= count) resolve([...this.#received]);
  }
}
