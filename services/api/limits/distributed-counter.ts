import { LRUCache } from "lru-cache";
import type { RateLimiterAbstract } from "rate-limiter-flexible";
import { lruOptions } from "./lru-options.ts";

/** State of one limit after a request. */
export interface LimitState {
  readonly allowed: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** Milliseconds until the window resets. */
  readonly resetMs: number;
}

interface Count {
  /** Total of all gateways, as of the store's last response. */
  confirmed: number;
  /** Counted locally since then. */
  pending: number;
  /** Milliseconds since the Unix epoch. */
  resetAt: number;
}

const maxKeys = 50_000;
/** Flush interval: local counts are sent to the store in batches. */
const flushIntervalMs = 20;

/**
 * Counts requests against a limit shared by all gateways and decides from memory, without a round trip.
 * Counts are exchanged through the store every 20 ms, so all gateways together may exceed the limit by as
 * much as arrives within one exchange.
 */
export class DistributedCounter {
  readonly #store: RateLimiterAbstract;
  readonly #counts = new LRUCache<string, Count>(lruOptions(maxKeys));
  /** Keys changed since the last flush. */
  #dirty = new Set<string>();

  constructor(store: RateLimiterAbstract) {
    this.#store = store;
  }

  /** Counts one request unless it exceeds the limit. */
  count(key: string, now: number): LimitState {
    const count = this.#current(key, now);
    const { points: limit } = this.#store;
    const before = count.confirmed + count.pending;
    const allowed = before < limit;
    if (allowed) {
      count.pending += 1;
      this.#scheduleFlush(key);
    }
    return {
      allowed,
      limit,
      remaining: Math.max(0, limit - before - 1),
      resetMs: Math.max(0, count.resetAt - now),
    };
  }

  #current(key: string, now: number): Count {
    const known = this.#counts.get(key);
    if (known && known.resetAt > now) return known;
    const fresh = { confirmed: 0, pending: 0, resetAt: now + this.#store.duration * 1000 };
    this.#counts.set(key, fresh);
    return fresh;
  }

  #scheduleFlush(key: string): void {
    this.#dirty.add(key);
    if (this.#dirty.size > 1) return;
    setTimeout(() => {
      const keys = this.#dirty;
      this.#dirty = new Set();
      for (const dirtyKey of keys) void this.#flush(dirtyKey);
    }, flushIntervalMs).unref();
  }

  async #flush(key: string): Promise<void> {
    const count = this.#counts.get(key);
    if (!count || count.pending === 0) return;
    const flushed = count.pending;
    try {
      const { consumedPoints, msBeforeNext } = await this.#store.penalty(key, flushed);
      count.confirmed = consumedPoints;
      count.pending -= flushed;
      if (msBeforeNext > 0) count.resetAt = Date.now() + msBeforeNext;
    } catch {
      // The store's in-memory fallback failed too; keep the local count.
    }
  }
}
