import { setTimeout as sleep } from "node:timers/promises";
import type { ServiceBroker } from "moleculer";
import type { Config } from "../../config/index.ts";
import { announceStop } from "../../mixins/life-cycle.ts";

/** Ctrl-C reaches a process twice, from the terminal and from npm; that is not impatience. */
const sameKeyMs = 500;

export interface StopOptions {
  readonly broker: ServiceBroker;
  readonly config: Config;
  /** Runs when the node has stopped. */
  readonly after: () => void;
  readonly say: (line: string) => void;
}

export interface Stopper {
  /** Begins the stop, unless it has begun. */
  begin(): void;
  /** Someone asks the process to end: begins the stop, or, the second time, ends it at once. */
  ask(): void;
}

/**
 * How a node ends when it is asked to: it announces it, and a gateway goes on for a while so that load balancers notice;
 * then it leaves the registry, finishes what is under way, and the process ends with 0. What has not finished in time is
 * cut off, and the process ends with 1; so it does at once when it is asked a second time.
 */
export function stopper({ broker, config, after, say }: StopOptions): Stopper {
  let begunAt: number | undefined;
  const { drainMs, withinMs } = config.stop;

  const stop = async () => {
    announceStop(broker);
    if (config.services.includes("api")) await sleep(drainMs);
    await broker.stop();
    after();
    process.exit(0);
  };
  const cutOff = (why: string) => {
    say(why);
    process.exit(1);
  };
  const begin = () => {
    if (begunAt !== undefined) return;
    begunAt = performance.now();
    setTimeout(() => cutOff(`stopped without finishing: it took longer than ${withinMs / 1000} s`), withinMs).unref();
    stop().catch((error: unknown) => cutOff(error instanceof Error ? (error.stack ?? error.message) : String(error)));
  };
  return {
    begin,
    ask: () => {
      if (begunAt === undefined) begin();
      else if (performance.now() - begunAt > sameKeyMs) cutOff("stopped at once: asked a second time");
    },
  };
}
