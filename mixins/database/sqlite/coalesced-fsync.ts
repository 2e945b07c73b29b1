/**
 * Coalesces syncs of one file: one runs, one is queued for all who arrive meanwhile. A sync covers only
 * writes from before its start. After a failed sync nothing is certain, since the kernel may drop dirty pages
 * and report success next time; so there are no further syncs, and every later wait fails with the first
 * error.
 */
export class CoalescedFsync {
  readonly #sync: () => Promise<void>;
  #written = 0;
  #flushed = 0;
  #startedAt = 0;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  #failure: Error | undefined;

  /** @param sync never runs concurrently, nor after a failure */
  constructor(sync: () => Promise<void>) {
    this.#sync = sync;
  }

  /** Notes a write that needs a sync. */
  noteWrite(): void {
    this.#written += 1;
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  /** The first failure. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /**
   * @returns when all writes so far are durable; undefined if they already are
   * @throws Error (rejection) of the sync that covers them, or of an earlier one
   */
  flushed(): Promise<void> | undefined {
    if (this.#failure) return Promise.reject(this.#failure);
    if (this.#flushed === this.#written) return undefined;
    if (!this.#running) return this.#start();
    if (this.#startedAt === this.#written) return this.#running;
    this.#next ??= this.#running.then(() => {
      this.#next = undefined;
      return this.flushed();
    });
    return this.#next;
  }

  #start(): Promise<void> {
    this.#startedAt = this.#written;
    this.#running = this.#runOnce(this.#written);
    return this.#running;
  }

  async #runOnce(written: number): Promise<void> {
    try {
      await this.#sync();
      this.#flushed = written;
    } catch (error) {
      this.#failure = error as Error;
      throw error;
    } finally {
      this.#running = undefined;
    }
  }
}
