import { ShopError } from "../contract/errors.ts";

/** Configuration of a fair queue. */
export interface FairQueueRules<L extends string> {
  /** Maximum number of concurrent runs. */
  readonly concurrency: number;
  /** Maximum queue length per class; bounded by time only when absent. */
  readonly maxWaiting?: number;
  /** Relative weights; an empty class cedes its share. */
  readonly weights: Readonly<Record<L, number>>;
}

/**
 * Queue length per class that is always accepted; beyond it, only if the estimated wait is at most
 * `maxWaitMs`.
 */
const alwaysAdmitted = 16;
const maxWaitMs = 1000;
/** Initial estimate of the duration. */
const initialWorkMs = 50;
/** Weight of the last run in the moving average of the duration. */
const ewmaAlpha = 0.1;
/** Jitter of Retry-After, against synchronized retries. */
const retryJitterSeconds = 3;

/** Rejected by the queue without having started. */
export class QueueRejectionError extends ShopError<"unavailable"> {
  constructor(waitMs: number) {
    const retryAfter = Math.ceil(waitMs / 1000) + Math.floor(Math.random() * retryJitterSeconds) || 1;
    super("unavailable", "Overloaded, retry later", { retryAfter });
  }
}

interface Waiter {
  readonly start: () => void;
  readonly reject: (reason: QueueRejectionError) => void;
  /** Latest useful start. */
  readonly startBefore: number;
}

/**
 * Weighted fair queue with bounded concurrency. Rejects at once (503 + Retry-After) when the estimated wait
 * exceeds the caller's deadline; weights keep a flood in one class from starving the others.
 */
export class FairQueue<L extends string> {
  readonly #rules: FairQueueRules<L>;
  readonly #classes: readonly {
    readonly name: L;
    readonly weight: number;
    readonly waiting: Waiter[];
    credit: number;
  }[];
  readonly #now: () => number;
  #running = 0;
  #workMs = initialWorkMs;

  constructor(rules: FairQueueRules<L>, now = () => performance.now()) {
    this.#rules = rules;
    this.#now = now;
    this.#classes = (Object.keys(rules.weights) as L[]).map((name) => ({
      name,
      weight: rules.weights[name],
      waiting: [],
      credit: 0,
    }));
  }

  /**
   * Runs the work, queued while all slots are taken.
   *
   * @param timeoutMs remaining time of the caller
   * @throws QueueRejectionError when it cannot finish in time; and what the work throws
   */
  async run<T>(weightClass: L, timeoutMs: number, work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#rules.concurrency) await this.#enqueue(weightClass, timeoutMs);
    else this.#running += 1;
    const startedAt = this.#now();
    try {
      return await work();
    } finally {
      this.#workMs += (this.#now() - startedAt - this.#workMs) * ewmaAlpha;
      this.#running -= 1;
      this.#startNext();
    }
  }

  #enqueue(weightClass: L, timeoutMs: number): Promise<void> {
    const own = this.#classes.find(({ name }) => name === weightClass);
    if (!own) throw new Error(`unknown weight class ${weightClass}`);
    const waitMs = this.#estimatedWaitMs(own);
    const meetsDeadline = waitMs + this.#workMs <= timeoutMs;
    const isFull = own.waiting.length >= (this.#rules.maxWaiting ?? Infinity);
    if (isFull || !meetsDeadline || (own.waiting.length >= alwaysAdmitted && waitMs > maxWaitMs))
      throw new QueueRejectionError(waitMs);
    return new Promise((start, reject) => {
      own.waiting.push({ start, reject, startBefore: this.#now() + timeoutMs });
    });
  }

  /** Estimated wait of a new entry, assuming no further arrivals. */
  #estimatedWaitMs(own: { readonly weight: number; readonly waiting: readonly Waiter[] }): number {
    const before = own.waiting.length;
    const others = this.#classes.filter((other) => other !== own);
    const between = others.map(({ weight, waiting }) =>
      Math.min(waiting.length, Math.ceil(((before + 1) * weight) / own.weight)),
    );
    const ahead = before + 1 + between.reduce((sum, count) => sum + count, 0);
    return (ahead * this.#workMs) / this.#rules.concurrency;
  }

  #startNext(): void {
    this.#rejectExpired();
    const backlogged = this.#classes.filter(({ waiting }) => waiting.length > 0);
    const [first] = backlogged;
    if (!first) return;
    // Each class earns credit by its weight; the highest credit pays for the slot.
    let next = first;
    for (const candidate of backlogged) {
      candidate.credit += candidate.weight;
      if (candidate.credit > next.credit) next = candidate;
    }
    next.credit -= backlogged.reduce((sum, { weight }) => sum + weight, 0);
    this.#running += 1;
    next.waiting.shift()?.start();
  }

  #rejectExpired(): void {
    const latest = this.#now() + this.#workMs;
    for (const { waiting } of this.#classes)
      for (let [first] = waiting; first && first.startBefore < latest; [first] = waiting) {
        waiting.shift();
        first.reject(new QueueRejectionError(0));
      }
  }
}
