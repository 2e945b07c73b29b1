import { randomUUID } from "node:crypto";
import type { Logger } from "moleculer";
import type { Config } from "../config/index.ts";
import type { CallOptions, EventName, TypedCall } from "../services/contract/calls.ts";
import { configOf } from "./config-of.ts";
import type { Tx } from "./database/database.ts";
import type { ServiceWithDatabase } from "./database/database.mixin.ts";
import { inRequest } from "./logging/current-request.ts";
import type { Consumer } from "./events/consumer.ts";

/** Something that a service does again and again, on every node that runs it; it must not mind company. */
export interface Job<D> {
  readonly name: string;
  /** Milliseconds between the end of one run and the start of the next. */
  readonly every: (config: Config) => number;
  /** Events, of those that the service consumes, upon which it runs without waiting for its next turn. */
  readonly wokenBy?: readonly EventName[];
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

/** A service's jobs while they run. */
export interface RunningJobs {
  /** Runs a job now or, when it is running, again right after. */
  readonly wake: (name: string) => void;
  /** Starts no more runs and waits for those under way. */
  readonly stop: () => Promise<void>;
}

/** Starts a service's jobs. A job that fails is logged and tried again at its next turn. */
export function startJobs<D>(service: ServiceWithDatabase, jobs: readonly Job<D>[], dependencies: D): RunningJobs {
  const timers = new Map<string, NodeJS.Timeout>();
  const running = new Map<string, Promise<void>>();
  const again = new Set<string>();
  let stopped = false;

  const schedule = (job: Job<D>, waitMs: number) => {
    if (stopped) return;
    clearTimeout(timers.get(job.name));
    timers.set(job.name, setTimeout(() => start(job), waitMs).unref());
  };
  const start = (job: Job<D>) => {
    const run = asRequest(service, job.name, (context) =>
      job
        .run(context, dependencies)
        .catch((error: unknown) => service.logger.error(`the job ${job.name} failed, it will run again`, error)),
    ).finally(() => {
      running.delete(job.name);
      schedule(job, again.delete(job.name) ? 0 : job.every(configOf(service.broker)));
    });
    running.set(job.name, run);
  };

  for (const job of jobs) schedule(job, job.every(configOf(service.broker)));
  return {
    wake(name) {
      const job = jobs.find((known) => known.name === name);
      if (running.has(name)) again.add(name);
      else if (job) schedule(job, 0);
    },
    async stop() {
      stopped = true;
      for (const timer of timers.values()) clearTimeout(timer);
      await Promise.all(running.values());
    },
  };
}

/** The consumers that wake a service's jobs. Their events were committed before they could be sent. */
export function wakersOf<D>(jobs: readonly Job<D>[], wake: (name: string) => void): Consumer<D>[] {
  return jobs.flatMap(({ name, wokenBy = [] }) =>
    wokenBy.length > 0 ? [{ events: wokenBy, handle: () => Promise.resolve(wake(name)) }] : [],
  );
}

/** Does one run of a service's job as if someone had asked for it: under a request id of its own. */
export function asRequest<T>(service: ServiceWithDatabase, job: string, run: (context: JobContext) => T): T {
  const requestId = randomUUID();
  return inRequest(requestId, () => run(jobContext(service, job, requestId)));
}

/** What a service gives its job for one run. */
export function jobContext(service: ServiceWithDatabase, job: string, requestId: string = randomUUID()): JobContext {
  const name = `${service.name}.${job}`;
  const caller = { kind: "system", name } as const;
  const call = (action: string, params: object = {}, options: CallOptions = {}) =>
    service.broker.call(action, params, { ...options, meta: { caller }, requestID: requestId });
  return {
    call: call as TypedCall,
    now: Date.now(),
    log: service.logger,
    transaction: (work) => service.database.transaction({ actor: { kind: "system", id: name }, requestId }, work),
  };
}
