import { Redis } from "ioredis";

interface Entry {
  readonly value: unknown;
  readonly expiresAt: number;
}

interface Log {
  info(...args: unknown[]): void;
  warn(...args: unknown[]): void;
}

/** What nodes keep for each other. It may lose anything, and it never fails or holds up its user. */
export interface SharedStore {
  get(key: string): Promise<Entry | undefined>;
  set(key: string, entry: Entry): void;
  close(): Promise<void>;
}

/** Longer than Redis ever needs on a healthy network, shorter than anyone would notice. */
const answerWithinMs = 100;
/** After a failure, Redis is left alone for so long. */
const restMs = 1000;

/** The shared store in Redis. While Redis is stopped, slow or away, every key is a miss. */
export class RedisStore implements SharedStore {
  readonly #redis: Redis;
  readonly #prefix: string;
  readonly #log: Log;
  #restUntil = 0;

  constructor(url: string, namespace: string, log: Log) {
    this.#prefix = `${namespace}:cache:`;
    this.#log = log;
    this.#redis = new Redis(url, {
      commandTimeout: answerWithinMs,
      connectTimeout: restMs,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      retryStrategy: () => restMs,
    });
    this.#redis.on("ready", () => log.info("Redis shares cached answers"));
    // Each failing command says it as well; without a listener the process would end.
    this.#redis.on("error", (error: Error) => this.#rest(error));
  }

  async get(key: string): Promise<Entry | undefined> {
    if (!this.#usable()) return undefined;
    try {
      const text = await this.#redis.get(this.#prefix + key);
      return text === null ? undefined : (JSON.parse(text) as Entry);
    } catch (error) {
      this.#rest(error);
      return undefined;
    }
  }

  set(key: string, entry: Entry): void {
    const remaining = entry.expiresAt - Date.now();
    if (remaining <= 0 || !this.#usable()) return;
    this.#redis
      .set(this.#prefix + key, JSON.stringify(entry), "PX", remaining)
      .catch((error: unknown) => this.#rest(error));
  }

  close(): Promise<void> {
    this.#redis.disconnect();
    return Promise.resolve();
  }

  #usable(): boolean {
    return this.#redis.status === "ready" && Date.now() >= this.#restUntil;
  }

  #rest(error: unknown): void {
    const now = Date.now();
    if (now >= this.#restUntil)
      this.#log.warn(`Redis is left alone for a moment: ${error instanceof Error ? error.message : String(error)}`);
    this.#restUntil = now + restMs;
  }
}
