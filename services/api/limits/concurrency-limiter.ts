import { getHeapStatistics } from "node:v8";
import { EventLoopScheduler } from "./event-loop-scheduler.ts";

export interface ConcurrencyLimits {
  /** Upper bound of concurrent requests. */
  readonly maxInFlight: number;
  /** Shed new requests while event-loop lag exceeds this, in milliseconds. */
  readonly maxEventLoopDelayMs: number;
}

/** Lower bound of the limit. */
const minLimit = 64;
/** Initial limit. */
const initialLimit = 256;
/** The limit shrinks when most responses take longer than this. */
const slowResponseMs = 400;
const minSamples = 8;
/** Lag with fewer requests than this has another cause, so nothing is shed. */
const minStartedRequests = 8;
/** Queued requests are shed after this, or after `maxEventLoopDelayMs` if that is longer. */
const maxQueueWaitMs = 500;

const adjustIntervalMs = 250;
const observeIntervalMs = 50;
const reportIntervalMs = 5000;
/** Above this share of the heap, garbage collection dominates. */
const maxHeapUsage = 0.92;

/**
 * Adaptive concurrency limiter (AIMD): −20 % when most responses take over 400 ms, +10 % when the limit was
 * reached. The rest is shed with 503.
 */
export class ConcurrencyLimiter {
  readonly #limits: ConcurrencyLimits;
  #limit: number;
  /** Queueing time of each request in flight. */
  readonly #inFlight = new Map<object, number>();
  readonly #scheduler: EventLoopScheduler;
  readonly #maxQueueWaitMs: number;
  #peakInFlight = 0;
  #completed = 0;
  #shedSinceReport = 0;
  #shed = 0;
  #slow = 0;
  /** Time of the last observation, and the number of requests started since. */
  #observedAt: number;
  #startedSinceObserved = 0;
  readonly #now: () => number;
  #heapIsFull = false;
  #timers: NodeJS.Timeout[] = [];
  #report: ((shed: number) => void) | undefined;
  #reportedAt = Number.NEGATIVE_INFINITY;

  constructor(limits: ConcurrencyLimits, now = () => performance.now()) {
    this.#limits = limits;
    this.#now = now;
    this.#scheduler = new EventLoopScheduler(now);
    this.#observedAt = now();
    this.#maxQueueWaitMs = Math.max(maxQueueWaitMs, limits.maxEventLoopDelayMs);
    this.#limit = Math.min(initialLimit, limits.maxInFlight);
  }

  /** Current limit of concurrent requests. */
  get limit(): number {
    return this.#limit;
  }

  /** Number of requests in flight. */
  get inFlight(): number {
    return this.#inFlight.size;
  }

  /** Number of requests shed since the start. */
  get shed(): number {
    return this.#shed;
  }

  /**
   * Admits a request if the limit allows it.
   *
   * @returns whether it is admitted; then call `release` when it ends
   */
  acquire(request: object): boolean {
    this.#startTimers();
    const inFlight = this.#inFlight.size;
    const isBusy = inFlight >= minLimit || this.#startedSinceObserved >= minStartedRequests;
    // Requests are read one after another, so this one has queued for about the current lag.
    const isLagging =
      isBusy && this.#now() - this.#observedAt - observeIntervalMs >= this.#limits.maxEventLoopDelayMs;
    if (isLagging || inFlight >= this.#limit || this.#heapIsFull) {
      this.#shedSinceReport += 1;
      this.#shed += 1;
      return false;
    }
    this.#startedSinceObserved += 1;
    this.#inFlight.set(request, 0);
    this.#peakInFlight = Math.max(this.#peakInFlight, this.#inFlight.size);
    return true;
  }

  /**
   * Waits for an admitted request's start slot, which is mostly immediate.
   *
   * @returns false when it waited too long or its client disconnected; it is then already released
   */
  async schedule(request: { readonly destroyed?: boolean }): Promise<boolean> {
    const scheduled = this.#scheduler.schedule();
    if (!scheduled) return true;
    const queuedAt = this.#now();
    await scheduled;
    const waitedMs = this.#now() - queuedAt;
    this.#inFlight.set(request, waitedMs);
    if (waitedMs < this.#maxQueueWaitMs && request.destroyed !== true) return true;
    this.recordDuration(request, 0);
    this.release(request);
    this.#shedSinceReport += 1;
    this.#shed += 1;
    return false;
  }

  /** Ends a request, or stops counting one that only streams. Idempotent. */
  release(request: object): void {
    this.#inFlight.delete(request);
  }

  /** Records the service time since the start slot; time that slow clients take is excluded. */
  recordDuration(request: object, ms: number): void {
    this.#completed += 1;
    if (ms + (this.#inFlight.get(request) ?? 0) > slowResponseMs) this.#slow += 1;
  }

  /** Adjusts the limit to the latest response times. */
  adjust(): void {
    const isOverloaded = this.#completed >= minSamples && this.#slow > this.#completed / 2;
    if (isOverloaded)
      this.#limit = Math.max(minLimit, Math.floor(Math.min(this.#limit, this.#peakInFlight) * 0.8));
    else if (this.#peakInFlight >= this.#limit) this.#limit = Math.ceil(this.#limit * 1.1);
    this.#limit = Math.min(this.#limit, this.#limits.maxInFlight);
    this.#completed = 0;
    this.#slow = 0;
    this.#peakInFlight = this.#inFlight.size;
  }

  /** Measures event-loop lag from the time between calls; expects a call every 50 ms. */
  observe(): void {
    this.#observedAt = this.#now();
    this.#startedSinceObserved = 0;
  }

  /** @param report receives the number of requests shed since the last call, at intervals */
  start(report: (refused: number) => void): void {
    this.#report = report;
  }

  stop(): void {
    this.#report = undefined;
    this.#stopTimers();
  }

  /** Timers run only while requests arrive. */
  #startTimers(): void {
    if (this.#timers.length > 0 || !this.#report) return;
    this.observe();
    this.#checkHeap();
    this.#timers = [
      setInterval(() => this.observe(), observeIntervalMs).unref(),
      setInterval(() => this.#tick(), adjustIntervalMs).unref(),
    ];
  }

  #stopTimers(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers = [];
  }

  #tick(): void {
    if (this.#shedSinceReport > 0 && this.#now() - this.#reportedAt > reportIntervalMs) {
      this.#report?.(this.#shedSinceReport);
      this.#shedSinceReport = 0;
      this.#reportedAt = this.#now();
    }
    const wasActive = this.#peakInFlight > 0 || this.#shedSinceReport > 0;
    this.adjust();
    this.#checkHeap();
    if (!wasActive) this.#stopTimers();
  }

  #checkHeap(): void {
    const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
    this.#heapIsFull = used > limit * maxHeapUsage;
  }
}
