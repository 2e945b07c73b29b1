import type { Redis } from "ioredis";
import type { RateLimiterAbstract } from "rate-limiter-flexible";
import { RateLimiterMemory, RateLimiterRedis } from "rate-limiter-flexible";
import { openRedis } from "../../../mixins/cache/open-redis.ts";

interface Log {
  info(...args: unknown[]): void;
  warn(...args: unknown[]): void;
}

/**
 * Store of rate-limit counters that all gateways share through Redis. In memory in the embedded shape and
 * while Redis is unavailable.
 */
export interface LimitStore {
  /**
   * Creates a counter.
   *
   * @param points allowed within the window
   * @param seconds length of the window, from the first counted request
   */
  counter(name: string, points: number, seconds: number): RateLimiterAbstract;
  close(): void;
}

export function limitStore(redisUrl: string | undefined, namespace: string, log: Log): LimitStore {
  const memory = (name: string, points: number, duration: number) =>
    new RateLimiterMemory({ keyPrefix: name, points, duration });
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
  let isDown = false;
  // While Redis is unavailable, each gateway counts locally.
  const redis = openRedis(url, (error) => {
    if (!isDown) log.warn(`rate-limit store: memory: ${error.message}`);
    isDown = true;
  });
  redis.on("ready", () => {
    isDown = false;
    log.info("rate-limit store: redis");
  });
  return redis;
}
