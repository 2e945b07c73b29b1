import { LRUCache } from "lru-cache";
import type { RateLimiterAbstract } from "rate-limiter-flexible";
import { atMost } from "./at-most.ts";

/** Where someone stands with a limit. */
export interface Standing {
  readonly allowed: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** Until the count begins anew, in milliseconds. */
  readonly resetMs: number;
}

interface Count {
  /** What all gateways together have told the store, when it last answered. */
  known: number;
  /** What this gateway has counted since. */
  pending: number;
  /** Milliseconds since 1970. */
  resetAt: number;
}

const keysKept = 50_000;
/** What was counted within this time is told to the store in one go. */
const tellEveryMs = 20;

/**
 * Counts requests against a limit that all gateways share, and decides at once, from memory: what this gateway has seen
 * and what the store has told it of the others. So a limit costs a request nothing to wait for, and all gateways
 * together let a little more through than it says: what they did not know of each other in the last moment.
 */
export class SharedCounter {
  readonly #store: RateLimiterAbstract;
  readonly #counts = new LRUCache<string, Count>(atMost(keysKept));
  /** What has changed since the store was last told. */
  #changed = new Set<string>();

  constructor(store: RateLimiterAbstract) {
    this.#store = store;
  }

  /** Counts one request, unless it goes beyond the limit. */
  count(key: string, now: number): Standing {
    const count = this.#current(key, now);
    const { points: limit } = this.#store;
    const before = count.known + count.pending;
    const allowed = before < limit;
    if (allowed) {
      count.pending += 1;
      this.#tellSoon(key);
    }
    return { allowed, limit, remaining: Math.max(0, limit - before - 1), resetMs: Math.max(0, count.resetAt - now) };
  }

  #current(key: string, now: number): Count {
    const known = this.#counts.get(key);
    if (known && known.resetAt > now) return known;
    const begun = { known: 0, pending: 0, resetAt: now + this.#store.duration * 1000 };
    this.#counts.set(key, begun);
    return begun;
  }

  #tellSoon(key: string): void {
    this.#changed.add(key);
    if (this.#changed.size > 1) return;
    setTimeout(() => {
      const keys = this.#changed;
      this.#changed = new Set();
      for (const told of keys) void this.#tell(told);
    }, tellEveryMs).unref();
  }

  async #tell(key: string): Promise<void> {
    const count = this.#counts.get(key);
    if (!count || count.pending === 0) return;
    const told = count.pending;
    try {
      const { consumedPoints, msBeforeNext } = await this.#store.penalty(key, told);
      count.known = consumedPoints;
      count.pending -= told;
      if (msBeforeNext > 0) count.resetAt = Date.now() + msBeforeNext;
    } catch {
      // Not even the store's insurance answers: what was counted here stays counted here.
    }
  }
}
