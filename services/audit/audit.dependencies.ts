import type { EventSubject } from "../../mixins/contract/contract.ts";
import { eventsByName } from "../../mixins/contract/registry.ts";
import { consumersOf, batchConsumersOf } from "../../mixins/events/consumer.ts";
import { contractsOf } from "../../mixins/service/config-of.ts";
import { jobsOf } from "../../mixins/service/jobs.ts";
import type { ServiceEnvironment } from "../../mixins/service/define-service.ts";
import { actionsOf } from "../../mixins/service/action-runtime.ts";
import { FileStore } from "../../mixins/tasks/file-store.ts";
import { tasksOf } from "../../mixins/tasks/task.ts";
import type { TaskQueue } from "../../mixins/tasks/task-queue.ts";
import { auditKey } from "./audit-key.ts";
import { AuditRepository } from "./data/audit-repository.ts";
import { ChainRepository } from "./data/chain-repository.ts";
import { Sealer } from "./domain/seal.ts";

/** Dependencies of this service's handlers. */
export interface AuditDependencies {
  readonly trail: AuditRepository;
  readonly chain: ChainRepository;
  readonly sealer: Sealer;
  /** Retention in milliseconds; undefined: for ever. */
  readonly retentionMs: number | undefined;
  /** Subject of each event, by the event's name. */
  readonly subjects: ReadonlyMap<string, EventSubject>;
  readonly tasks: TaskQueue;
  /** Files of finished exports. */
  readonly files: FileStore;
}

export async function auditDependencies({
  broker,
  config,
  database,
  tasks,
}: ServiceEnvironment): Promise<AuditDependencies> {
  const sealer = new Sealer(await auditKey(config));
  const trail = new AuditRepository(database, sealer);
  const chain = new ChainRepository(database);
  const subjects = new Map(
    [...eventsByName(contractsOf(broker))].map(([name, { about }]) => [name, about] as const),
  );
  return {
    trail,
    chain,
    subjects,
    sealer,
    retentionMs: config.auditRetentionMs,
    tasks,
    files: new FileStore(database),
  };
}

export const action = actionsOf<AuditDependencies>();
export const on = consumersOf<AuditDependencies>();
export const onBatch = batchConsumersOf<AuditDependencies>();
export const job = jobsOf<AuditDependencies>();
export const task = tasksOf<AuditDependencies>();
