import type { Service } from "moleculer";
import type { Database } from "../../mixins/database/database.ts";
import type { Job } from "../../mixins/service/jobs.ts";
import { newId } from "../../mixins/contract/ids.ts";
import type { Shop } from "./shop.ts";

/** Runs a service's job once, as if it were `now`; for jobs that call no other service. */
export async function runJob<D>(
  { broker }: Shop,
  service: string,
  job: Job<D>,
  now = Date.now(),
): Promise<void> {
  const { database, collaborators } = broker.getLocalService(service) as Service & {
    database: Database;
    collaborators: D;
  };
  const origin = { actor: { kind: "system", id: `${service}.${job.name}` }, requestId: newId() } as const;
  const context = {
    call: () => Promise.reject(new Error("this job makes no calls")),
    now,
    log: broker.logger,
    transaction: <T>(work: Parameters<typeof database.transaction<T>>[1]) =>
      database.transaction(origin, work),
  };
  await job.run(context, collaborators);
}
