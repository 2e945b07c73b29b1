import { randomUUID } from "node:crypto";
import type { Logger } from "moleculer";
import type { Config } from "../config/index.ts";
import type { CallOptions, TypedCall } from "../services/contract/calls.ts";
import { configOf } from "./config-of.ts";
import type { Tx } from "./database/database.ts";
import type { ServiceWithDatabase } from "./database/database.mixin.ts";

/** Something that a service does again and again, on every node that runs it; it must not mind company. */
export interface Job<D> {
  readonly name: string;
  /** Milliseconds between the end of one run and the start of the next. */
  readonly every: (config: Config) => number;
  readonly run: (context: JobContext, dependencies: D) => Promise<void>;
}

export interface JobContext {
  /** Calls another service on the shop's own behalf. */
  readonly call: TypedCall;
  readonly now: number;
  readonly log: Logger;
  readonly transaction: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;
}

/** For a service's own `job`: `export const job = jobsOf<OrdersDependencies>()`. */
export function jobsOf<D>() {
  return (definition: Job<D>): Job<D> => definition;
}

/**
 * Starts a service's jobs. A job that fails is logged and tried again at its next turn.
 *
 * @returns a function that starts no more runs and waits for those under way
 */
export function startJobs<D>(service: ServiceWithDatabase, jobs: readonly Job<D>[], dependencies: D) {
  const timers = new Map<string, NodeJS.Timeout>();
  const running = new Set<Promise<void>>();
  let stopped = false;

  const schedule = (job: Job<D>) => {
    if (stopped) return;
    timers.set(job.name, setTimeout(() => start(job), job.every(configOf(service.broker))).unref());
  };
  const start = (job: Job<D>) => {
    const run = job
      .run(jobContext(service, job.name), dependencies)
      .catch((error: unknown) => service.logger.error(`the job ${job.name} failed, it will run again`, error))
      .finally(() => {
        running.delete(run);
        schedule(job);
      });
    running.add(run);
  };

  for (const job of jobs) schedule(job);
  return async () => {
    stopped = true;
    for (const timer of timers.values()) clearTimeout(timer);
    await Promise.all(running);
  };
}

/** What a service gives its job for one run. */
export function jobContext(service: ServiceWithDatabase, job: string): JobContext {
  const name = `${service.name}.${job}`;
  const caller = { kind: "system", name } as const;
  const requestId = randomUUID();
  const call = (action: string, params: object = {}, options: CallOptions = {}) =>
    service.broker.call(action, params, { ...options, meta: { caller }, requestID: requestId });
  return {
    call: call as TypedCall,
    now: Date.now(),
    log: service.logger,
    transaction: (work) => service.database.transaction({ actor: { kind: "system", id: name }, requestId }, work),
  };
}
