/** Length of a slice in milliseconds. */
const sliceMs = 2;
/** Upper bound of requests started per slice. */
const maxPerSlice = 32;

/**
 * Starts queued requests in 2 ms slices. libuv accepts one connection per poll, so a burst of buffered
 * requests would starve accepts, timers and heartbeats.
 */
export class EventLoopScheduler {
  readonly #now: () => number;
  readonly #waiting: (() => void)[] = [];
  /** End of the current slice; undefined before its first start. */
  #sliceEndsAt: number | undefined;
  #isDraining = false;

  constructor(now = () => performance.now()) {
    this.#now = now;
  }

  /** Number of queued requests. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** @returns undefined when the request may start at once; otherwise a promise that resolves when it may */
  schedule(): Promise<void> | undefined {
    if (this.#waiting.length === 0 && !this.#isSliceOver()) return undefined;
    return new Promise((start) => {
      this.#waiting.push(start);
      this.#drain();
    });
  }

  #isSliceOver(): boolean {
    const now = this.#now();
    if (this.#sliceEndsAt === undefined) {
      this.#sliceEndsAt = now + sliceMs;
      setImmediate(() => {
        this.#sliceEndsAt = undefined;
      });
    }
    return now >= this.#sliceEndsAt;
  }

  /** A slice runs between two immediates; requests queued meanwhile start after the event loop has polled. */
  #drain(): void {
    if (this.#isDraining || this.#waiting.length === 0) return;
    this.#isDraining = true;
    const next = () => {
      if (this.#waiting.length > 0 && !this.#isSliceOver()) this.#waiting.shift()?.();
    };
    for (let count = Math.min(maxPerSlice, this.#waiting.length); count > 0; count -= 1) setImmediate(next);
    setImmediate(() => {
      this.#isDraining = false;
      this.#drain();
    });
  }
}
