import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import type { Service, ServiceBroker } from "moleculer";
import type { ServiceWithDatabase } from "../../mixins/database/database.mixin.ts";
import { observeStatements } from "../../mixins/database/statement-observer.ts";
import type { DurableEvents } from "../../mixins/events/durable-events.ts";
import { purgeInbox } from "../../mixins/events/purge-inbox.ts";
import { purgeTasks } from "../../mixins/tasks/purge-tasks.ts";
import type { Job } from "../../mixins/service/jobs.ts";
import { jobContext } from "../../mixins/service/jobs.ts";
import type { Scan } from "./query-plans.ts";
import { hasPlan } from "./query-plans.ts";
import type { RecordedStatement } from "./statements.ts";
import { StatementRecorder } from "./statements.ts";
import { readEveryList } from "./tour.ts";

/** Later than any retention period. */
const yearsMs = 2 * 366 * 24 * 3_600_000;

/** Lists that several indexes can serve. */
export const stockLists = [true, false].flatMap((inStock) =>
  ["createdAt", "-createdAt", "name", "-price"].map((sort) => ({ inStock, sort, limit: 20 })),
);

type ShopService = Service & ServiceWithDatabase & { collaborators: object; durableEvents: DurableEvents };

/** Tours a shop, runs its retention jobs on old data, and checks the plan of every executed statement. */
export async function planTour(
  broker: ServiceBroker,
  settled: () => Promise<unknown>,
  scansOf: (statement: RecordedStatement) => Promise<Scan[]>,
): Promise<{ readonly statements: number; readonly scans: readonly Scan[] }> {
  const recorder = new StatementRecorder();
  const stop = observeStatements(recorder.note);
  await readEveryList(broker);
  await settled();
  for (const service of broker.services as ShopService[])
    if ("database" in service) await runAllJobs(service);
  stop();
  const statements = recorder.all.filter(hasPlan);
  const scans: Scan[] = [];
  for (const statement of statements) scans.push(...(await scansOf(statement)));
  return { statements: statements.length, scans };
}

/** Simulates the passing of years. */
async function runAllJobs(service: ShopService): Promise<void> {
  const now = Date.now() + yearsMs;
  const takesEvents = service.durableEvents.subscription.events.length > 0;
  const hasTasks = "tasks" in service.collaborators;
  const givenJobs = [
    ...(takesEvents ? [purgeInbox<object>(service)] : []),
    ...(hasTasks ? [purgeTasks<object>(service)] : []),
  ];
  for (const job of [...(await jobsOf(service.name)), ...givenJobs])
    await job.run({ ...jobContext(service, job.name), now }, service.collaborators);
}

/** Each is the one export of its file. */
async function jobsOf(service: string): Promise<Job<object>[]> {
  const directory = new URL(`../../services/${service}/jobs/`, import.meta.url);
  const files = existsSync(directory) ? await readdir(directory) : [];
  const modules = await Promise.all(
    files.map(async (file) => (await import(new URL(file, directory).href)) as Record<string, unknown>),
  );
  return modules
    .flatMap((exported) => Object.values(exported))
    .filter((value): value is Job<object> => typeof value === "object" && value !== null && "run" in value);
}
