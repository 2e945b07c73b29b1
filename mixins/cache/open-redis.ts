import type { Command, RedisOptions } from "ioredis";
import { Redis } from "ioredis";

const reconnectMs = 1000;

/** Options for data that can be missed: commands fail at once while Redis is unavailable, else in time. */
export const failFast = {
  /** Longer than a healthy Redis takes, too short for a user to notice. */
  commandTimeout: 100,
  /** Reconnects when a socket is silent. */
  socketTimeout: reconnectMs,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
} as const satisfies RedisOptions;

/**
 * Its `commandTimeout` ends no command whose reply has arrived. The client's own does: when the event loop was blocked,
 * timers fire before sockets are read.
 */
class LagTolerantRedis extends Redis {
  readonly #commandMs: number | undefined;

  constructor(url: string, { commandTimeout, ...options }: RedisOptions) {
    super(url, options);
    this.#commandMs = commandTimeout;
  }

  override sendCommand(command: Command, stream?: Parameters<Redis["sendCommand"]>[1]): unknown {
    const sent = super.sendCommand(command, stream);
    if (this.#commandMs !== undefined && !command.isResolved) this.#limit(command, this.#commandMs);
    return sent;
  }

  #limit(command: Command, ms: number): void {
    const timeOut = () => {
      if (!command.isResolved) command.reject(new Error("Command timed out"));
    };
    // After the sockets.
    const timer = setTimeout(() => setImmediate(timeOut), ms);
    const clear = () => clearTimeout(timer);
    command.promise.then(clear, clear);
  }
}

/**
 * Opens a connection that reconnects every second.
 *
 * @param onError receives each failure of the connection; an `error` without a listener would end the process
 */
export function openRedis(
  url: string,
  onError: (error: Error) => void,
  options: RedisOptions = failFast,
): Redis {
  const redis = new LagTolerantRedis(url, {
    connectTimeout: reconnectMs,
    retryStrategy: () => reconnectMs,
    ...options,
  });
  return redis.on("error", onError);
}
