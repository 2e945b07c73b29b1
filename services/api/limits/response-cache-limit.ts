import type { IncomingMessage } from "node:http";

const windowMs = 60_000;
/** Sampling rate: one request in this many is examined and weighted by it. */
const sampleInterval = 16;

/**
 * Limits cached responses per address and minute at this gateway. Finding the address costs about as much as
 * a cached response, so it samples one request in sixteen; after the first excess it examines all until the
 * minute ends.
 */
export class ResponseCacheLimit {
  readonly #perMinute: number;
  readonly #addressOf: (request: IncomingMessage) => string | undefined;
  readonly #counts = new Map<string, number>();
  readonly #limited = new Set<string>();
  #requestCount = 0;
  #resetAt = 0;

  /** @param addressOf the counter key of the client; undefined for exempt ones */
  constructor(perMinute: number, addressOf: (request: IncomingMessage) => string | undefined) {
    this.#perMinute = perMinute;
    this.#addressOf = addressOf;
  }

  /**
   * Counts a request.
   *
   * @returns seconds to wait before the next one is served; 0 if this one is
   */
  retryAfterSeconds(request: IncomingMessage): number {
    this.#requestCount += 1;
    const isSampled = this.#requestCount % sampleInterval === 0;
    if (!isSampled && this.#limited.size === 0) return 0;
    const now = Date.now();
    if (now >= this.#resetAt) {
      this.#counts.clear();
      this.#limited.clear();
      this.#resetAt = now + windowMs;
    }
    const address = this.#addressOf(request);
    if (address === undefined) return 0;
    if (isSampled) {
      const count = (this.#counts.get(address) ?? 0) + sampleInterval;
      this.#counts.set(address, count);
      if (count > this.#perMinute) this.#limited.add(address);
    }
    return this.#limited.has(address) ? Math.ceil((this.#resetAt - now) / 1000) : 0;
  }
}
