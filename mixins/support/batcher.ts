import { ShopError, isShopError } from "../contract/errors.ts";

export interface BatcherOptions<Q, A> {
  /** Processes a batch and returns the results in order. If it throws, no request has had an effect. */
  readonly flush: (requests: readonly Q[]) => Promise<readonly A[]>;
  /** Weight of a request, in the unit of `maxBatchWork`. */
  readonly work: (request: Q) => number;
  /** Maximum number of requests per batch, and maximum total weight; a single heavier request runs alone. */
  readonly maxBatchSize: number;
  readonly maxBatchWork: number;
  /** Maximum queue length; further requests are rejected. */
  readonly maxPending: number;
}

interface Pending<Q, A> {
  readonly request: Q;
  /** Milliseconds since the Unix epoch. */
  readonly deadline: number;
  readonly resolve: (result: A) => void;
  readonly reject: (error: unknown) => void;
}

/** Batches requests that arrive while a batch runs. FIFO; an idle batcher starts at once. */
export class Batcher<Q, A> {
  readonly #options: BatcherOptions<Q, A>;
  readonly #pending: Pending<Q, A>[] = [];
  #flushing = false;

  constructor(options: BatcherOptions<Q, A>) {
    this.#options = options;
  }

  /**
   * @param deadline the caller's, in milliseconds since the Unix epoch
   * @throws ShopError `unavailable` when the queue is full, `deadline-exceeded` when the deadline passes in
   *   the queue; errors of this request alone
   */
  async submit(request: Q, deadline: number): Promise<A> {
    if (this.#pending.length >= this.#options.maxPending) throw new ShopError("unavailable");
    return new Promise((resolve, reject) => {
      this.#pending.push({ request, deadline, resolve, reject });
      if (!this.#flushing) void this.#drain();
    });
  }

  async #drain(): Promise<void> {
    this.#flushing = true;
    while (this.#pending.length > 0) await this.#flushBatch(this.#nextBatch());
    this.#flushing = false;
  }

  #nextBatch(): Pending<Q, A>[] {
    const { maxBatchSize, maxBatchWork, work } = this.#options;
    let total = 0;
    const end = this.#pending.findIndex(({ request }, index) => {
      total += work(request);
      return index === maxBatchSize || (index > 0 && total > maxBatchWork);
    });
    return this.#pending.splice(0, end === -1 ? this.#pending.length : end);
  }

  async #flushBatch(batch: readonly Pending<Q, A>[]): Promise<void> {
    const now = Date.now();
    const inTime = batch.filter(({ deadline }) => deadline > now);
    for (const { deadline, reject } of batch) if (deadline <= now) reject(new ShopError("deadline-exceeded"));
    if (inTime.length === 0) return;
    try {
      const results = await this.#options.flush(inTime.map(({ request }) => request));
      for (const [index, { resolve }] of inTime.entries()) resolve(results[index] as A);
    } catch (error) {
      // The service is unavailable, or the batch is a single request: retrying one by one would not help.
      if (inTime.length === 1 || isShopError(error, "unavailable"))
        for (const { reject } of inTime) reject(error);
      // One request is invalid. Run them one by one, so only that one fails.
      else for (const pending of inTime) await this.#flushBatch([pending]);
    }
  }
}
