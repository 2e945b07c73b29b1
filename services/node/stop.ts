import { setTimeout as sleep } from "node:timers/promises";
import type { ServiceBroker } from "moleculer";
import type { Config } from "../../config/index.ts";
import { startDraining } from "../../mixins/service/lifecycle.ts";

/** Ctrl-C signals a process twice, through the terminal and through npm; that counts once. */
const repeatedSignalMs = 500;

export interface StopOptions {
  readonly broker: ServiceBroker;
  readonly config: Config;
  /** Runs after the node has stopped. */
  readonly after: () => void;
  readonly say: (line: string) => void;
}

export interface Stopper {
  /** Starts the shutdown; idempotent. */
  begin(): void;
  /** Handles a stop signal: starts the shutdown, or on the second signal ends the process at once. */
  request(): void;
}

/**
 * Graceful shutdown: announces the stop, keeps the gateway serving while load balancers notice, leaves the
 * registry, drains requests, and exits with 0. After the time limit, or at a second signal, it exits with 1
 * at once.
 */
export function stopper({ broker, config, after, say }: StopOptions): Stopper {
  let startedAt: number | undefined;
  const { drainMs, timeoutMs } = config.stop;

  const stop = async () => {
    startDraining(broker);
    if (config.services.includes("api")) await sleep(drainMs);
    await broker.stop();
    after();
    process.exit(0);
  };
  const exitWithError = (why: string) => {
    say(why);
    process.exit(1);
  };
  const begin = () => {
    if (startedAt !== undefined) return;
    startedAt = performance.now();
    setTimeout(
      () => exitWithError(`stopped without draining: time limit of ${timeoutMs / 1000} s exceeded`),
      timeoutMs,
    ).unref();
    stop().catch((error: unknown) =>
      exitWithError(error instanceof Error ? (error.stack ?? error.message) : String(error)),
    );
  };
  return {
    begin,
    request: () => {
      if (startedAt === undefined) begin();
      else if (performance.now() - startedAt > repeatedSignalMs)
        exitWithError("stopped at once: second signal");
    },
  };
}
