import type { Database } from "../database/database.ts";
import type { ServiceWithDatabase } from "../database/database.mixin.ts";
import { configOf } from "../config-of.ts";
import type { Job } from "../jobs.ts";
import { asRequest } from "../jobs.ts";

/**
 * A job whose every turn is run by one node of the cluster; its interval counts from turn to turn. A turn that fails, or
 * whose node dies, is left out.
 */
export type ScheduledJob<D> = Job<D>;

const origin = { actor: { kind: "system", id: "schedule" }, requestId: "schedule" } as const;

/**
 * Takes a job's turn, when it has come.
 *
 * @param everyMs how long after this turn the next one comes
 * @returns whether it is the caller who runs the job now
 */
export async function takeTurn(database: Database, name: string, everyMs: number, now: number): Promise<boolean> {
  const [known] = await database.select<{ next_run_at: number }>(
    "SELECT next_run_at FROM schedules WHERE name = ?",
    [name],
  );
  if (known && known.next_run_at > now) return false;
  return database.transaction(origin, async (tx) => {
    if (!known && (await database.insertNew("schedules", { name, next_run_at: now + everyMs }, tx))) return true;
    const taken = await database.execute(
      "UPDATE schedules SET next_run_at = ? WHERE name = ? AND next_run_at <= ?",
      [now + everyMs, name, now],
      tx,
    );
    return taken === 1;
  });
}

/**
 * Lets this node take part in a service's scheduled jobs.
 *
 * @returns a function that takes no more turns and waits for the jobs under way
 */
export function startSchedules<D>(service: ServiceWithDatabase, jobs: readonly ScheduledJob<D>[], dependencies: D) {
  const config = configOf(service.broker);
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let stopped = jobs.length === 0;

  const round = async () => {
    for (const job of jobs) {
      if (stopped) return;
      const mine = await takeTurn(service.database, job.name, job.every(config), Date.now());
      if (mine) await asRequest(service, job.name, (context) => job.run(context, dependencies));
    }
  };
  const next = () => {
    if (stopped) return;
    timer = setTimeout(() => {
      running = round()
        .catch((error: unknown) => service.logger.error("a scheduled job failed, its next turn will come", error))
        .finally(next);
    }, config.sweepIntervalMs).unref();
  };

  next();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await running;
  };
}
