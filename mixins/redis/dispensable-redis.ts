import { Redis } from "ioredis";

interface Log {
  info(...args: unknown[]): void;
  warn(...args: unknown[]): void;
}

/** Longer than Redis ever needs on a healthy network, shorter than anyone would notice. */
const answerWithinMs = 100;
/** After a failure, Redis is left alone for so long. */
const restMs = 1000;

/**
 * Redis for what can be done without: while it is stopped, slow or away, every question goes unanswered, at once or
 * within `answerWithinMs`, and nothing fails.
 */
export class DispensableRedis {
  readonly #redis: Redis;
  readonly #log: Log;
  #restUntil = 0;

  /** @param purpose what it is used for, said when it is there: `Redis <purpose>` */
  constructor(url: string, purpose: string, log: Log) {
    this.#log = log;
    this.#redis = new Redis(url, {
      commandTimeout: answerWithinMs,
      connectTimeout: restMs,
      // A connection that stays silent is lost, and a new one may be better.
      socketTimeout: restMs,
      // Commands of the same turn of the event loop are sent in one piece.
      enableAutoPipelining: true,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      retryStrategy: () => restMs,
    });
    this.#redis.on("ready", () => log.info(`Redis ${purpose}`));
    // Each failing command says it as well; without a listener the process would end.
    this.#redis.on("error", (error: Error) => this.#rest(error));
  }

  /** @returns the command's answer, or undefined when there is none to be had now */
  async ask<T>(command: (redis: Redis) => Promise<T>): Promise<T | undefined> {
    if (this.#redis.status !== "ready" || Date.now() < this.#restUntil) return undefined;
    try {
      return await command(this.#redis);
    } catch (error) {
      this.#rest(error);
      return undefined;
    }
  }

  close(): void {
    this.#redis.disconnect();
  }

  #rest(error: unknown): void {
    const now = Date.now();
    if (now >= this.#restUntil)
      this.#log.warn(`Redis is left alone for a moment: ${error instanceof Error ? error.message : String(error)}`);
    this.#restUntil = now + restMs;
  }
}
