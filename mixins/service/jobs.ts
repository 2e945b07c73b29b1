import { randomUUID } from "node:crypto";
import type { Logger } from "moleculer";
import type { Config } from "../../config/index.ts";
import type { CallOptions, EventName, TypedCall } from "../contract/calls.ts";
import { configOf } from "./config-of.ts";
import type { Database, Tx } from "../database/database.ts";
import type { ServiceWithDatabase } from "../database/database.mixin.ts";
import { withRequestId } from "../observability/logging/current-request.ts";
import type { Consumer } from "../events/consumer.ts";

/** A periodic job of a service. */
export type Job<D> = {
  readonly name: string;
  /**
   * Milliseconds between runs: from end to start with `once: "node"`, from start to start with `once:
   * "cluster"`.
   */
  readonly every: (config: Config) => number;
  readonly run: (context: JobContext, dependencies: D) => Promise<void>;
} & (
  | {
      /** Every node runs it; must tolerate concurrent runs. */
      readonly once: "node";
      /** Consumed events that trigger a run at once. */
      readonly triggeredBy?: readonly EventName[];
    }
  | {
      /**
       * One node claims each run; a run that fails, or whose node dies, is skipped. Needs `createTaskTables`.
       */
      readonly once: "cluster";
      readonly triggeredBy?: never;
    }
);

export interface JobContext {
  /** Calls another service on behalf of the shop. */
  readonly call: TypedCall;
  readonly now: number;
  readonly log: Logger;
  readonly transaction: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;
}

/** For a service's own `job`: `export const job = jobsOf<OrdersDependencies>()`. */
export function jobsOf<D>() {
  return (definition: Job<D>): Job<D> => definition;
}

/** A service's running jobs. */
export interface RunningJobs {
  /** Runs a job now or, if it is running, once more right after. */
  readonly wake: (name: string) => void;
  /** Starts no more runs and awaits those in progress. */
  readonly stop: () => Promise<void>;
}

const claimOrigin = { actor: { kind: "system", id: "schedule" }, requestId: "schedule" } as const;

/**
 * Claims a due run for one node of the cluster.
 *
 * @param everyMs interval until the next run
 * @returns whether the caller runs the job now
 */
export async function claimRun(
  database: Database,
  name: string,
  everyMs: number,
  now: number,
): Promise<boolean> {
  const [known] = await database.select<{ next_run_at: number }>(
    "SELECT next_run_at FROM schedules WHERE name = ?",
    [name],
  );
  if (known && known.next_run_at > now) return false;
  return database.transaction(claimOrigin, async (tx) => {
    if (!known && (await database.insertIfAbsent("schedules", { name, next_run_at: now + everyMs }, tx)))
      return true;
    const claimed = await database.execute(
      "UPDATE schedules SET next_run_at = ? WHERE name = ? AND next_run_at <= ?",
      [now + everyMs, name, now],
      tx,
    );
    return claimed === 1;
  });
}

/** Starts a service's jobs. A failed run is logged; the next one follows its interval. */
export function startJobs<D>(
  service: ServiceWithDatabase,
  jobs: readonly Job<D>[],
  dependencies: D,
): RunningJobs {
  const timers = new Map<string, NodeJS.Timeout>();
  const running = new Map<string, Promise<void>>();
  const runAgain = new Set<string>();
  const config = configOf(service.broker);
  let stopped = false;

  const runDue = async (job: Job<D>) => {
    if (
      job.once === "cluster" &&
      !(await claimRun(service.database, job.name, job.every(config), Date.now()))
    )
      return;
    await runAsRequest(service, job.name, (context) => job.run(context, dependencies));
  };
  // The database decides when a cluster run is due; each node polls it.
  const intervalOf = (job: Job<D>) => (job.once === "cluster" ? config.sweepIntervalMs : job.every(config));
  const schedule = (job: Job<D>, waitMs: number) => {
    if (stopped) return;
    clearTimeout(timers.get(job.name));
    timers.set(job.name, setTimeout(() => start(job), waitMs).unref());
  };
  const start = (job: Job<D>) => {
    const run = runDue(job)
      .catch((error: unknown) =>
        service.logger.error(`job ${job.name} failed, waiting for its next run`, error),
      )
      .finally(() => {
        running.delete(job.name);
        schedule(job, runAgain.delete(job.name) ? 0 : intervalOf(job));
      });
    running.set(job.name, run);
  };

  for (const job of jobs) schedule(job, intervalOf(job));
  return {
    wake(name) {
      const job = jobs.find((known) => known.name === name);
      if (running.has(name)) runAgain.add(name);
      else if (job) schedule(job, 0);
    },
    async stop() {
      stopped = true;
      for (const timer of timers.values()) clearTimeout(timer);
      await Promise.all(running.values());
    },
  };
}

/** Consumers that trigger a service's jobs. An event is sent after its commit, so the job sees the change. */
export function jobTriggersOf<D>(jobs: readonly Job<D>[], wake: (name: string) => void): Consumer<D>[] {
  return jobs.flatMap(({ name, triggeredBy = [] }) =>
    triggeredBy.length > 0 ? [{ events: triggeredBy, handle: () => Promise.resolve(wake(name)) }] : [],
  );
}

/** Runs a job under a request id of its own. */
function runAsRequest<T>(service: ServiceWithDatabase, job: string, run: (context: JobContext) => T): T {
  const requestId = randomUUID();
  return withRequestId(requestId, () => run(jobContext(service, job, requestId)));
}

/** Context of one run of a job. */
export function jobContext(
  service: ServiceWithDatabase,
  job: string,
  requestId: string = randomUUID(),
): JobContext {
  const name = `${service.name}.${job}`;
  const caller = { kind: "system", name } as const;
  const call = (action: string, params: object = {}, options: CallOptions = {}) =>
    service.broker.call(action, params, { ...options, meta: { caller }, requestID: requestId });
  return {
    call: call as TypedCall,
    now: Date.now(),
    log: service.logger,
    transaction: (work) =>
      service.database.transaction({ actor: { kind: "system", id: name }, requestId }, work),
  };
}
