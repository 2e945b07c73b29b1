import { getHeapStatistics } from "node:v8";
import { Shifts } from "./shifts.ts";

export interface LoadLimits {
  /** More requests than this are never worked on at once. */
  readonly maxInFlight: number;
  /** When the process gets round to its work so much too late, in milliseconds, it has more than it can do. */
  readonly maxLoopDelayMs: number;
}

/** So many are always let in, however slow the shop is. */
const leastInFlight = 64;
/** Where the search for the right number begins. */
const firstInFlight = 256;
/** When most requests take longer, they wait for each other. */
const slowMs = 400;
const fewSamples = 8;
/** A process that is late without having begun so many requests has another reason for it. */
const fewRequests = 8;
/** Whoever has waited for so long before their turn is told to come again, unless the process may be late by more. */
const longestWaitMs = 500;

const adjustEveryMs = 250;
const lookEveryMs = 50;
const tellEveryMs = 5000;
/** Beyond this share of the heap, collecting garbage takes all the time. */
const fullHeap = 0.92;

/**
 * Decides which requests a gateway takes on, so that under any load those that it does take on are answered soon. It
 * finds by itself how many can be under way at once: fewer when most of them take long, more when they do not.
 */
export class LoadGuard {
  readonly #limits: LoadLimits;
  #limit: number;
  /** For how long each had to wait for its turn. */
  readonly #inside = new Map<object, number>();
  readonly #shifts: Shifts;
  readonly #longestWaitMs: number;
  #mostInFlight = 0;
  #answered = 0;
  #refused = 0;
  #shed = 0;
  #slow = 0;
  /** When the process got round to looking at itself last, and what it has begun since. */
  #lookedAt: number;
  #begunSince = 0;
  readonly #now: () => number;
  #heapIsFull = false;
  #timers: NodeJS.Timeout[] = [];
  #tell: ((refused: number) => void) | undefined;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(limits: LoadLimits, now = () => performance.now()) {
    this.#limits = limits;
    this.#now = now;
    this.#shifts = new Shifts(now);
    this.#lookedAt = now();
    this.#longestWaitMs = Math.max(longestWaitMs, limits.maxLoopDelayMs);
    this.#limit = Math.min(firstInFlight, limits.maxInFlight);
  }

  /** How many requests are let in at once at the moment. */
  get limit(): number {
    return this.#limit;
  }

  /** How many requests are inside. */
  get inFlight(): number {
    return this.#inside.size;
  }

  /** How many requests were refused since the start. */
  get shed(): number {
    return this.#shed;
  }

  /**
   * Takes a request on, if there is room for it.
   *
   * @returns whether it is taken on; then `leave` must be called when it is done with
   */
  enter(request: object): boolean {
    this.#wake();
    const already = this.#inside.size;
    const isBusy = already >= leastInFlight || this.#begunSince >= fewRequests;
    // Requests are read one after the other: this one has waited for about as long as the process is late by now.
    const isLate = isBusy && this.#now() - this.#lookedAt - lookEveryMs >= this.#limits.maxLoopDelayMs;
    if (isLate || already >= this.#limit || this.#heapIsFull) {
      this.#refused += 1;
      this.#shed += 1;
      return false;
    }
    this.#begunSince += 1;
    this.#inside.set(request, 0);
    this.#mostInFlight = Math.max(this.#mostInFlight, this.#inside.size);
    return true;
  }

  /**
   * Waits until one that was taken on may begin, which is mostly at once.
   *
   * @returns whether it may; otherwise it has waited for too long, or its sender has gone, and it is inside no more
   */
  async turn(request: { readonly destroyed?: boolean }): Promise<boolean> {
    const turn = this.#shifts.turn();
    if (!turn) return true;
    const began = this.#now();
    await turn;
    const waitedMs = this.#now() - began;
    this.#inside.set(request, waitedMs);
    if (waitedMs < this.#longestWaitMs && request.destroyed !== true) return true;
    this.took(request, 0);
    this.leave(request);
    this.#refused += 1;
    this.#shed += 1;
    return false;
  }

  /** The request is done with, or goes on for long without being work. May be said again. */
  leave(request: object): void {
    this.#inside.delete(request);
  }

  /** Tells how long the shop took for a request since its turn; senders who are slow themselves are left out of it. */
  took(request: object, ms: number): void {
    this.#answered += 1;
    if (ms + (this.#inside.get(request) ?? 0) > slowMs) this.#slow += 1;
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

  /** To be called every 50 ms; by how much the process is late is seen from when it was called last. */
  look(): void {
    this.#lookedAt = this.#now();
    this.#begunSince = 0;
  }

  /** @param tell is called now and then while requests are refused, with their number since the last time */
  start(tell: (refused: number) => void): void {
    this.#tell = tell;
  }

  stop(): void {
    this.#tell = undefined;
    this.#rest();
  }

  /** Its timers run while requests come: a gateway that nobody asks has nothing to look at. */
  #wake(): void {
    if (this.#timers.length > 0 || !this.#tell) return;
    this.look();
    this.#weighHeap();
    this.#timers = [setInterval(() => this.look(), lookEveryMs).unref(), setInterval(() => this.#tick(), adjustEveryMs).unref()];
  }

  #rest(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers = [];
  }

  #tick(): void {
    if (this.#refused > 0 && this.#now() - this.#toldAt > tellEveryMs) {
      this.#tell?.(this.#refused);
      this.#refused = 0;
      this.#toldAt = this.#now();
    }
    const wasAsked = this.#mostInFlight > 0 || this.#refused > 0;
    this.adjust();
    this.#weighHeap();
    if (!wasAsked) this.#rest();
  }

  #weighHeap(): void {
    const { used_heap_size: used, heap_size_limit: most } = getHeapStatistics();
    this.#heapIsFull = used > most * fullHeap;
  }
}
