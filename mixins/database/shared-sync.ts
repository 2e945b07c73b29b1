/**
 * Syncs of one file that are shared by all who wait for the disk: one runs and one waits, and the one that waits is for
 * everybody who came while the other ran. A sync counts for what was written before it began, and for nothing else.
 *
 * After a sync that failed nothing is on the disk for certain any more: the system may have dropped what it could not
 * write and say of the next sync that all is well. So there is no next one, and everybody is told of the first failure.
 */
export class SharedSync {
  readonly #sync: () => Promise<void>;
  #written = 0;
  #onDisk = 0;
  #beganAt = 0;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  #failure: Error | undefined;

  /** @param sync is never called while it runs, nor after it failed */
  constructor(sync: () => Promise<void>) {
    this.#sync = sync;
  }

  /** Something has been written that is on the disk only after a sync. */
  wrote(): void {
    this.#written += 1;
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  /** Why nothing is certain any more. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /**
   * @returns when all that was written until now is on the disk; nothing when it is already
   * @throws Error by the promise, what the sync failed with that was for it, or any before
   */
  onDisk(): Promise<void> | undefined {
    if (this.#failure) return Promise.reject(this.#failure);
    if (this.#onDisk === this.#written) return undefined;
    if (!this.#running) return this.#begin();
    if (this.#beganAt === this.#written) return this.#running;
    this.#next ??= this.#running.then(() => {
      this.#next = undefined;
      return this.onDisk();
    });
    return this.#next;
  }

  #begin(): Promise<void> {
    this.#beganAt = this.#written;
    this.#running = this.#once(this.#written);
    return this.#running;
  }

  async #once(written: number): Promise<void> {
    try {
      await this.#sync();
      this.#onDisk = written;
    } catch (error) {
      this.#failure = error as Error;
      throw error;
    } finally {
      this.#running = undefined;
    }
  }
}
