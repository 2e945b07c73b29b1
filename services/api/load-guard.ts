import { getHeapStatistics } from "node:v8";

export interface LoadLimits {
  /** More requests than this are never worked on at once. */
  readonly maxInFlight: number;
  /** When the process gets round to its work so much too late, in milliseconds, it has more than it can do. */
  readonly maxLoopDelayMs: number;
}

/** So many are always let in, however slow the shop is. */
const leastInFlight = 32;
/** Where the search for the right number begins. */
const firstInFlight = 256;
/** When most requests take longer, they wait for each other. */
const slowMs = 250;
const fewSamples = 8;

const adjustEveryMs = 250;
const sampleEveryMs = 50;
/** Beyond this share of the heap, collecting garbage takes all the time. */
const fullHeap = 0.92;

/**
 * Decides which requests a gateway takes on, so that under any load those that it does take on are answered soon. It
 * finds by itself how many can be under way at once: fewer when most of them take long, more when they do not.
 */
export class LoadGuard {
  readonly #limits: LoadLimits;
  #limit: number;
  readonly #inside = new Set<object>();
  #mostInFlight = 0;
  #answered = 0;
  #slow = 0;
  #loopDelayMs = 0;
  #heapIsFull = false;
  #timers: NodeJS.Timeout[] = [];

  constructor(limits: LoadLimits) {
    this.#limits = limits;
    this.#limit = Math.min(firstInFlight, limits.maxInFlight);
  }

  /** How many requests are let in at once at the moment. */
  get limit(): number {
    return this.#limit;
  }

  /**
   * Takes a request on, if there is room for it.
   *
   * @returns whether it is taken on; then `leave` must be called when it is done with
   */
  enter(request: object): boolean {
    const already = this.#inside.size;
    // With little to do, it is not requests that make the process late.
    const late = this.#loopDelayMs >= this.#limits.maxLoopDelayMs && already >= leastInFlight;
    if (late || already >= this.#limit || this.#heapIsFull) return false;
    this.#inside.add(request);
    this.#mostInFlight = Math.max(this.#mostInFlight, this.#inside.size);
    return true;
  }

  /** The request is done with, or goes on for long without being work. May be said again. */
  leave(request: object): void {
    this.#inside.delete(request);
  }

  /** Tells how long the shop took for a request; senders who are slow themselves are left out of it. */
  took(ms: number): void {
    this.#answered += 1;
    if (ms > slowMs) this.#slow += 1;
  }

  /** Fits the number of requests at once to what became of the last ones. */
  adjust(): void {
    const overloaded = this.#answered >= fewSamples && this.#slow > this.#answered / 2;
    if (overloaded) this.#limit = Math.max(leastInFlight, Math.floor(Math.min(this.#limit, this.#mostInFlight) * 0.8));
    else if (this.#mostInFlight >= this.#limit) this.#limit = Math.ceil(this.#limit * 1.1);
    this.#limit = Math.min(this.#limit, this.#limits.maxInFlight);
    this.#answered = 0;
    this.#slow = 0;
    this.#mostInFlight = this.#inside.size;
  }

  /** @param delayMs by how much the process was late just now */
  sample(delayMs: number): void {
    // It is forgotten within a few samples, so that a single pause refuses little.
    this.#loopDelayMs = Math.max(delayMs, this.#loopDelayMs / 2);
  }

  start(): void {
    let last = performance.now();
    const sample = () => {
      const now = performance.now();
      this.sample(now - last - sampleEveryMs);
      last = now;
    };
    const adjust = () => {
      this.adjust();
      const { used_heap_size: used, heap_size_limit: most } = getHeapStatistics();
      this.#heapIsFull = used > most * fullHeap;
    };
    this.#timers = [setInterval(sample, sampleEveryMs).unref(), setInterval(adjust, adjustEveryMs).unref()];
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }
}
