import type { Redis } from "ioredis";
import { failFast, openRedis } from "./open-redis.ts";

interface Log {
  info(...args: unknown[]): void;
  warn(...args: unknown[]): void;
}

/** Circuit breaker: no commands for this long after a failure. */
const backOffMs = 1000;

/**
 * Redis for data that can be missed. While Redis is down or slow, commands return undefined, at once or after
 * the time limit of `failFast`; they never throw.
 */
export class BestEffortRedis {
  readonly #redis: Redis;
  readonly #log: Log;
  #backOffUntil = 0;

  /** @param purpose for the log */
  constructor(url: string, purpose: string, log: Log) {
    this.#log = log;
    // Pipelines the commands of one event-loop tick.
    this.#redis = openRedis(url, (error) => this.#backOff(error), {
      ...failFast,
      enableAutoPipelining: true,
    });
    this.#redis.on("ready", () => log.info(`${purpose}: redis`));
  }

  /** @returns the command's result, or undefined when Redis is unavailable */
  async tryCommand<T>(command: (redis: Redis) => Promise<T>): Promise<T | undefined> {
    if (this.#redis.status !== "ready" || Date.now() < this.#backOffUntil) return undefined;
    try {
      return await command(this.#redis);
    } catch (error) {
      this.#backOff(error);
      return undefined;
    }
  }

  close(): void {
    this.#redis.disconnect();
  }

  #backOff(error: unknown): void {
    const now = Date.now();
    if (now >= this.#backOffUntil)
      this.#log.warn(`redis unavailable: ${error instanceof Error ? error.message : String(error)}`);
    this.#backOffUntil = now + backOffMs;
  }
}
