import { LRUCache } from "lru-cache";

const sweepMs = 1000;

interface Entry<V> {
  readonly value: V;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/**
 * Short-lived entries within a byte limit, the least recently used evicted first. A timer drops expired entries,
 * so that an idle node holds none; `ttlAutopurge` would take a timer per entry.
 */
export class TtlCache<V> {
  readonly #entries: LRUCache<string, Entry<V>>;
  #isSweepScheduled = false;

  /** @param maxBytes limit of the summed sizes */
  constructor(maxBytes: number) {
    this.#entries = new LRUCache({ maxSize: maxBytes, maxEntrySize: maxBytes / 2 });
  }

  /** The value, unless it expired or was evicted. */
  get(key: string, now: number): V | undefined {
    const entry = this.#entries.get(key);
    return entry && entry.expiresAt > now ? entry.value : undefined;
  }

  /** Stores a value until `expiresAt`; ignores one larger than half of the limit. */
  set(key: string, value: V, { size, expiresAt }: { size: number; expiresAt: number }): void {
    this.#entries.set(key, { value, expiresAt }, { size });
    if (!this.#isSweepScheduled) this.#sweepAt(expiresAt);
  }

  /** Keys of the entries that have not expired. */
  keys(now: number): string[] {
    return [...this.#entries].flatMap(([key, { expiresAt }]) => (expiresAt > now ? [key] : []));
  }

  /** Number of entries, expired ones included. */
  get count(): number {
    return this.#entries.size;
  }

  /** Summed sizes of the entries. */
  get bytes(): number {
    return this.#entries.calculatedSize;
  }

  /** Drops expired entries, and reschedules itself while entries remain. */
  #sweepAt(moment: number): void {
    this.#isSweepScheduled = true;
    const sweep = () => {
      this.#isSweepScheduled = false;
      const now = Date.now();
      let last = now;
      this.#entries.rforEach(({ expiresAt }, key) => {
        if (expiresAt <= now) this.#entries.delete(key);
        else last = Math.max(last, expiresAt);
      });
      if (this.count > 0) this.#sweepAt(Math.min(last, now + sweepMs));
    };
    setTimeout(sweep, Math.max(1, moment - Date.now())).unref();
  }
}
