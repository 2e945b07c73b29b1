import type { IncomingMessage } from "node:http";

const windowMs = 60_000;
/** One in so many is looked at, and counts for all of them. */
const oneIn = 16;

/**
 * Bounds how many kept answers an address is given in a minute, by this gateway. Giving one costs about as much as
 * finding out who asks, so nobody is looked at but one in sixteen, until someone has had too many: then everybody is,
 * until the minute is over.
 */
export class KeptLimit {
  readonly #perMinute: number;
  readonly #addressOf: (request: IncomingMessage) => string | undefined;
  readonly #counts = new Map<string, number>();
  readonly #refused = new Set<string>();
  #turn = 0;
  #resetAt = 0;

  /** @param addressOf under what its sender is counted; undefined when they are not */
  constructor(perMinute: number, addressOf: (request: IncomingMessage) => string | undefined) {
    this.#perMinute = perMinute;
    this.#addressOf = addressOf;
  }

  /** Counts a request. @returns 0, or for how many seconds its sender gets nothing more */
  secondsToWait(request: IncomingMessage): number {
    this.#turn += 1;
    const isCounted = this.#turn % oneIn === 0;
    if (!isCounted && this.#refused.size === 0) return 0;
    const now = Date.now();
    if (now >= this.#resetAt) {
      this.#counts.clear();
      this.#refused.clear();
      this.#resetAt = now + windowMs;
    }
    const address = this.#addressOf(request);
    if (address === undefined) return 0;
    if (isCounted) {
      const count = (this.#counts.get(address) ?? 0) + oneIn;
      this.#counts.set(address, count);
      if (count > this.#perMinute) this.#refused.add(address);
    }
    return this.#refused.has(address) ? Math.ceil((this.#resetAt - now) / 1000) : 0;
  }
}
