import { DispensableRedis } from "../redis/dispensable-redis.ts";
import type { Kept } from "./cache.ts";

interface Log {
  info(...args: unknown[]): void;
  warn(...args: unknown[]): void;
}

/** What nodes keep for each other. It may lose anything, and it never fails or holds up its user. */
export interface SharedStore {
  get(key: string): Promise<Kept | undefined>;
  set(key: string, entry: Kept): void;
  close(): Promise<void>;
}

/** The shared store in Redis. While Redis is stopped, slow or away, every key is a miss. */
export class RedisStore implements SharedStore {
  readonly #redis: DispensableRedis;
  readonly #prefix: string;

  constructor(url: string, namespace: string, log: Log) {
    this.#prefix = `${namespace}:cache:`;
    this.#redis = new DispensableRedis(url, "shares cached answers", log);
  }

  async get(key: string): Promise<Kept | undefined> {
    const text = await this.#redis.ask((redis) => redis.get(this.#prefix + key));
    return text ? (JSON.parse(text) as Kept) : undefined;
  }

  set(key: string, entry: Kept): void {
    const remaining = entry.expiresAt - Date.now();
    if (remaining > 0)
      void this.#redis.ask((redis) => redis.set(this.#prefix + key, JSON.stringify(entry), "PX", remaining));
  }

  close(): Promise<void> {
    this.#redis.close();
    return Promise.resolve();
  }
}
