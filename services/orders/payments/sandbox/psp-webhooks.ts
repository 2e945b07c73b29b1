import { signBody } from "../signed-body.ts";
import type { PspBook, PspNotice, PspPayment, PspRefund } from "./psp-book.ts";
import { newPspId } from "./psp-book.ts";
import type { FaultDice } from "./psp-faults.ts";

const answerWithinMs = 5000;
const firstPauseMs = 200;
const longestPauseMs = 10_000;
const atOnce = 8;

export type NoticeType =
  | "payment.created"
  | "payment.succeeded"
  | "payment.failed"
  | "refund.succeeded"
  | "refund.failed";

/** Sends the provider's news to the shop, signed, until the shop has taken each of them. */
export class PspWebhooks {
  readonly #book: PspBook;
  readonly #dice: FaultDice;
  readonly #secret: string;
  #url: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> | undefined;
  #again = false;
  #stopped = false;

  constructor(book: PspBook, dice: FaultDice, secret: string) {
    this.#book = book;
    this.#dice = dice;
    this.#secret = secret;
  }

  /** Until it is known where the shop listens, its news wait. */
  sendTo(url: string): void {
    this.#url = url;
    this.wake();
  }

  /** Notes a piece of news in the book; call `wake` when that is committed. */
  add(type: NoticeType, data: PspPayment | PspRefund, now: number): void {
    const { faults } = this.#dice;
    const id = newPspId("evt");
    const notice: PspNotice = {
      id,
      type,
      body: JSON.stringify({ id, type, createdAt: now, data }),
      tries: 0,
      nextAt: this.#dice.strikes("delay") ? now + Math.ceil(this.#dice.random() * faults.delayMs) : now,
      held: faults.hold ? 1 : 0,
    };
    this.#book.addNotice(this.#dice.strikes("drop") ? { ...notice, tries: 1, nextAt: now + pauseMs(1) } : notice);
    if (this.#dice.strikes("duplicate")) this.#book.addNotice(notice);
  }

  /** Sends what was held, one after the other. @returns the shop's status for each, 0 when it did not answer */
  async release(reverse: boolean): Promise<number[]> {
    const held = this.#book.held();
    const statuses: number[] = [];
    for (const notice of reverse ? held.toReversed() : held) statuses.push(await this.#deliver(notice));
    return statuses;
  }

  /** Looks for what is due, now or right after the round that is under way. */
  wake(): void {
    if (this.#stopped || !this.#url) return;
    this.#again = true;
    this.#round ??= this.#work().finally(() => {
      this.#round = undefined;
      this.#schedule();
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#round;
  }

  async #work(): Promise<void> {
    while (this.#again && !this.#stopped) {
      this.#again = false;
      const due = this.#book.waiting(atOnce).filter(({ nextAt }) => nextAt <= Date.now());
      await Promise.all(due.map((notice) => this.#deliver(notice)));
      if (due.length > 0) this.#again = true;
    }
  }

  #schedule(): void {
    const [next] = this.#stopped ? [] : this.#book.waiting(1);
    clearTimeout(this.#timer);
    if (next) this.#timer = setTimeout(() => this.wake(), Math.max(0, next.nextAt - Date.now())).unref();
  }

  async #deliver({ no, body, tries }: PspNotice & { readonly no: number }): Promise<number> {
    const bytes = Buffer.from(body);
    const status = await fetch(this.#url ?? "", {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "sandbox-signature": signBody(bytes, this.#secret, Date.now()),
      },
      body: bytes,
      signal: AbortSignal.timeout(answerWithinMs),
    }).then(
      async (response) => {
        await response.arrayBuffer();
        return response.status;
      },
      () => 0,
    );
    if (status >= 200 && status < 300) this.#book.delivered(no, Date.now());
    else this.#book.postpone(no, Date.now() + pauseMs(tries + 1));
    this.#schedule();
    return status;
  }
}

function pauseMs(tries: number): number {
  return Math.min(longestPauseMs, firstPauseMs * 2 ** (tries - 1));
}
