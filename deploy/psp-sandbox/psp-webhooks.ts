import { signBody } from "./sign-body.ts";
import type { PspLedger, PspMethod, PspNotice, PspPayment, PspRefund, PspSetup } from "./psp-ledger.ts";
import { newPspId } from "./psp-ledger.ts";
import type { FaultInjector } from "./psp-faults.ts";

const answerWithinMs = 5000;
const minRetryDelayMs = 200;
const maxRetryDelayMs = 10_000;
const concurrency = 8;

export type NoticeType =
  | "payment.created"
  | "payment.succeeded"
  | "payment.failed"
  | "payment.closed"
  | "refund.succeeded"
  | "refund.failed"
  | "setup.succeeded"
  | "setup.failed"
  | "method.detached";

/** Sends the provider's notifications to the shop, signed, until the shop acknowledges each. */
export class PspWebhooks {
  readonly #ledger: PspLedger;
  readonly #injector: FaultInjector;
  readonly #secret: string;
  #url: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> | undefined;
  #rerun = false;
  #stopped = false;

  constructor(ledger: PspLedger, injector: FaultInjector, secret: string) {
    this.#ledger = ledger;
    this.#injector = injector;
    this.#secret = secret;
  }

  /** Notifications wait until the shop's URL is known. */
  sendTo(url: string): void {
    this.#url = url;
    this.wake();
  }

  /** Records a notification in the ledger; call `wake` after the commit. */
  add(type: NoticeType, data: PspPayment | PspRefund | PspSetup | PspMethod, now: number): void {
    const { faults } = this.#injector;
    const id = newPspId("evt");
    const notice: PspNotice = {
      id,
      type,
      body: JSON.stringify({ id, type, createdAt: now, data }),
      tries: 0,
      nextAt: this.#injector.injects("delay")
        ? now + Math.ceil(this.#injector.random() * faults.delayMs)
        : now,
      held: faults.hold ? 1 : 0,
    };
    this.#ledger.addNotice(
      this.#injector.injects("drop") ? { ...notice, tries: 1, nextAt: now + retryDelay(1) } : notice,
    );
    if (this.#injector.injects("duplicate")) this.#ledger.addNotice(notice);
  }

  /**
   * Sends held notifications one after another.
   *
   * @returns the shop's status for each, 0 without a response
   */
  async release(reverse: boolean): Promise<number[]> {
    const held = this.#ledger.held();
    const statuses: number[] = [];
    for (const notice of reverse ? held.toReversed() : held) statuses.push(await this.#deliver(notice));
    return statuses;
  }

  /** Sends due notifications, now or right after the current round. */
  wake(): void {
    if (this.#stopped || !this.#url) return;
    this.#rerun = true;
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
    while (this.#rerun && !this.#stopped) {
      this.#rerun = false;
      const due = this.#ledger.waiting(concurrency).filter(({ nextAt }) => nextAt <= Date.now());
      await Promise.all(due.map((notice) => this.#deliver(notice)));
      if (due.length > 0) this.#rerun = true;
    }
  }

  #schedule(): void {
    const [next] = this.#stopped ? [] : this.#ledger.waiting(1);
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
    if (status >= 200 && status < 300) this.#ledger.delivered(no, Date.now());
    else this.#ledger.postpone(no, Date.now() + retryDelay(tries + 1));
    this.#schedule();
    return status;
  }
}

function retryDelay(tries: number): number {
  return Math.min(maxRetryDelayMs, minRetryDelayMs * 2 ** (tries - 1));
}
