import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { callbackify } from "node:util";
import type { SMTPServerSession } from "smtp-server";
import { SMTPServer } from "smtp-server";

export interface TakenMail {
  readonly to: string;
  /** As it came over the wire. */
  readonly source: string;
}

/** A real mail server on loopback, which a test can tell what to answer. */
export class MailServer {
  readonly #server: SMTPServer;
  readonly #waiting: { readonly count: number; readonly resolve: (mails: TakenMail[]) => void }[] = [];
  readonly #taken: TakenMail[] = [];
  /** How often a recipient was named to it, also in vain. */
  asked = 0;
  /** The answer to the next recipients, first come first served: 250 when there is none left. */
  answers: number[] = [];
  /** Called when a letter has arrived and before it is taken over. */
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

  /** Resolves when it has taken over so many letters. */
  async takes(count: number): Promise<TakenMail[]> {
    if (this.#taken.length >= count) return [...this.#taken];
    const { promise, resolve } = Promise.withResolvers<TakenMail[]>();
    this.#waiting.push({ count, resolve });
    return promise;
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #receive(letter: { to: string }, stream: Readable): Promise<void> {
    const source = await text(stream);
    await this.beforeAnswer();
    this.#take({ ...letter, source });
  }

  #take(mail: TakenMail): void {
    this.#taken.push(mail);
    for (const { count, resolve } of this.#waiting) if (this.#taken.length >= count) resolve([...this.#taken]);
  }
}
