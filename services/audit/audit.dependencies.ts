import { consumersOf, togetherOf } from "../../mixins/events/consumer.ts";
import { jobsOf } from "../../mixins/jobs.ts";
import type { ServiceEnvironment } from "../../mixins/shop-service.ts";
import { actionsOf } from "../../mixins/shop-action.ts";
import { FileStore } from "../../mixins/tasks/file-store.ts";
import { tasksOf } from "../../mixins/tasks/task.ts";
import type { TaskQueue } from "../../mixins/tasks/task-queue.ts";
import { auditKey } from "./audit-key.ts";
import { AuditRepository } from "./data/audit-repository.ts";
import { ChainRepository } from "./data/chain-repository.ts";
import { Sealer } from "./domain/seal.ts";

/** What the handlers of this service work with. */
export interface AuditDependencies {
  readonly trail: AuditRepository;
  readonly chain: ChainRepository;
  readonly sealer: Sealer;
  /** How long entries are kept, in milliseconds; undefined: for ever. */
  readonly keptMs: number | undefined;
  readonly tasks: TaskQueue;
  /** What exports make. */
  readonly files: FileStore;
}

export async function auditDependencies({ config, database, tasks }: ServiceEnvironment): Promise<AuditDependencies> {
  const sealer = new Sealer(await auditKey(config));
  const trail = new AuditRepository(database, sealer);
  const chain = new ChainRepository(database);
  return { trail, chain, sealer, keptMs: config.auditRetentionMs, tasks, files: new FileStore(database) };
}

export const action = actionsOf<AuditDependencies>();
export const on = consumersOf<AuditDependencies>();
export const together = togetherOf<AuditDependencies>();
export const job = jobsOf<AuditDependencies>();
export const task = tasksOf<AuditDependencies>();
