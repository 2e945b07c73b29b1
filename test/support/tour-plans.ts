import { readdir } from "node:fs/promises";
import type { Service, ServiceBroker } from "moleculer";
import type { ServiceWithDatabase } from "../../mixins/database/database.mixin.ts";
import { watchStatements } from "../../mixins/database/watch-statements.ts";
import type { DurableEvents } from "../../mixins/events/durable-events.ts";
import { forgetOldEvents } from "../../mixins/events/forget-old-events.ts";
import type { Job } from "../../mixins/jobs.ts";
import { jobContext } from "../../mixins/jobs.ts";
import type { Scan } from "./query-plans.ts";
import { hasPlan } from "./query-plans.ts";
import type { RecordedStatement } from "./statements.ts";
import { StatementRecorder } from "./statements.ts";
import { tourTheShop } from "./tour.ts";

/** When whatever is kept for a time has become old. */
const yearsMs = 2 * 366 * 24 * 3_600_000;

type ShopService = Service & ServiceWithDatabase & { collaborators: object; durableEvents: DurableEvents };

/** Tours a shop, lets its jobs clean up what is old by then, and looks at the plan of every statement that was run. */
export async function planTour(
  broker: ServiceBroker,
  settled: () => Promise<unknown>,
  scansOf: (statement: RecordedStatement) => Promise<Scan[]>,
): Promise<{ readonly statements: number; readonly scans: readonly Scan[] }> {
  const recorder = new StatementRecorder();
  const stop = watchStatements(recorder.note);
  await tourTheShop(broker);
  await settled();
  for (const service of broker.services as ShopService[]) if ("database" in service) await runAllJobs(service);
  stop();
  const statements = recorder.all.filter(hasPlan);
  const scans: Scan[] = [];
  for (const statement of statements) scans.push(...(await scansOf(statement)));
  return { statements: statements.length, scans };
}

/** As if it were years later. */
async function runAllJobs(service: ShopService): Promise<void> {
  const now = Date.now() + yearsMs;
  const takesEvents = service.durableEvents.subscription.events.length > 0;
  for (const job of [...(await jobsOf(service.name)), ...(takesEvents ? [forgetOldEvents<object>(service)] : [])])
    await job.run({ ...jobContext(service, job.name), now }, service.collaborators);
}

/** Each is the one export of its file. */
async function jobsOf(service: string): Promise<Job<object>[]> {
  const directory = new URL(`../../services/${service}/jobs/`, import.meta.url);
  const files = await readdir(directory);
  const modules = await Promise.all(files.map(async (file) => (await import(new URL(file, directory).href)) as Record<string, unknown>));
  return modules.flatMap((exported) => Object.values(exported)).filter((value): value is Job<object> => typeof value === "object" && value !== null && "run" in value);
}
