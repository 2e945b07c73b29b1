import { BestEffortRedis } from "./best-effort-redis.ts";

interface Log {
  info(...args: unknown[]): void;
  warn(...args: unknown[]): void;
}

/** A cached result and its expiry. */
export interface CacheEntry {
  readonly value: unknown;
  /** Milliseconds since 1970; the same on every node. */
  readonly expiresAt: number;
}

/** Store shared by all nodes. Best effort: it may lose entries; it never throws or blocks. */
export interface CacheStore {
  get(key: string): Promise<CacheEntry | undefined>;
  set(key: string, entry: CacheEntry): void;
  close(): Promise<void>;
}

/** Shared store in Redis. While Redis is down or slow, every key is a miss. */
export class RedisStore implements CacheStore {
  readonly #redis: BestEffortRedis;
  readonly #prefix: string;

  constructor(url: string, namespace: string, log: Log) {
    this.#prefix = `${namespace}:cache:`;
    this.#redis = new BestEffortRedis(url, "cache store", log);
  }

  async get(key: string): Promise<CacheEntry | undefined> {
    const text = await this.#redis.tryCommand((redis) => redis.get(this.#prefix + key));
    return text ? (JSON.parse(text) as CacheEntry) : undefined;
  }

  set(key: string, entry: CacheEntry): void {
    const remaining = entry.expiresAt - Date.now();
    if (remaining > 0)
      void this.#redis.tryCommand((redis) =>
        redis.set(this.#prefix + key, JSON.stringify(entry), "PX", remaining),
      );
  }

  close(): Promise<void> {
    this.#redis.close();
    return Promise.resolve();
  }
}
