import { Redis } from "ioredis";
import type { RateLimiterAbstract } from "rate-limiter-flexible";
import { RateLimiterMemory, RateLimiterRedis } from "rate-limiter-flexible";

interface Log {
  info(...args: unknown[]): void;
  warn(...args: unknown[]): void;
}

/** Longer than Redis ever needs on a healthy network, shorter than anyone would notice. */
const answerWithinMs = 100;
const reconnectMs = 1000;

/** Where counts are kept that all gateways share; each by itself in the embedded shape, and while Redis is away. */
export interface LimitStore {
  /**
   * A counter of its own.
   *
   * @param points how much is allowed within its window
   * @param seconds the window, from the first that is counted
   */
  counter(name: string, points: number, seconds: number): RateLimiterAbstract;
  close(): void;
}

export function limitStore(redisUrl: string | undefined, namespace: string, log: Log): LimitStore {
  const memory = (name: string, points: number, duration: number) => new RateLimiterMemory({ keyPrefix: name, points, duration });
  if (redisUrl === undefined) return { counter: memory, close: () => undefined };
  const redis = connect(redisUrl, log);
  return {
    counter: (name, points, duration) =>
      new RateLimiterRedis({
        storeClient: redis,
        keyPrefix: `${namespace}:limit:${name}`,
        points,
        duration,
        rejectIfRedisNotReady: true,
        insuranceLimiter: memory(name, points, duration),
      }),
    close: () => redis.disconnect(),
  };
}

function connect(url: string, log: Log): Redis {
  const redis = new Redis(url, {
    commandTimeout: answerWithinMs,
    connectTimeout: reconnectMs,
    socketTimeout: reconnectMs,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => reconnectMs,
  });
  let away = false;
  redis.on("ready", () => {
    away = false;
    log.info("Redis counts what gateways limit");
  });
  // While it is away, each gateway counts by itself.
  redis.on("error", (error: Error) => {
    if (!away) log.warn(`each gateway limits by itself: ${error.message}`);
    away = true;
  });
  return redis;
}
