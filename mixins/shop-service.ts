import type { Logger, Service, ServiceSchema } from "moleculer";
import type { Config } from "../config/index.ts";
import type { ActionName } from "../services/contract/calls.ts";
import type { ServiceContract } from "../services/contract/contract.ts";
import { hearOfChanges, invalidateOnChange } from "./cache/cached-answers.ts";
import { configOf } from "./config-of.ts";
import type { Database } from "./database/database.ts";
import { databaseMixin } from "./database/database.mixin.ts";
import type { Migration } from "./database/migrate.ts";
import type { Consumer, LockForEvents } from "./events/consumer.ts";
import type { DurableEvents } from "./events/durable-events.ts";
import { startEvents } from "./events/durable-events.ts";
import { forgetOldEvents } from "./events/forget-old-events.ts";
import type { Job, RunningJobs } from "./jobs.ts";
import { startJobs, wakersOf } from "./jobs.ts";
import type { BusinessMetric } from "./metrics/business-metrics.ts";
import { countBusiness } from "./metrics/business-metrics.ts";
import type { ActingService, Implementation } from "./shop-action.ts";
import { actionSchemas } from "./shop-action.ts";
import { BackgroundWork } from "./tasks/background-work.ts";
import type { ScheduledJob } from "./tasks/schedule.ts";
import type { Task } from "./tasks/task.ts";
import type { TaskQueue } from "./tasks/task-queue.ts";

/** What a service can build its dependencies from. */
export interface ServiceEnvironment {
  readonly config: Config;
  readonly database: Database;
  /** The service's background tasks, if it has some. */
  readonly tasks: TaskQueue;
  readonly log: Logger;
}

/** A running service, as its lifecycle sees it. */
interface ShopService<D> extends ActingService<D> {
  /** Each is there once the service has started that far. */
  durableEvents: DurableEvents;
  runningJobs: RunningJobs;
  backgroundWork: BackgroundWork<D>;
}

/** The names of a contract's actions, in full. */
export type FullNames<C> = C extends ServiceContract<infer N, infer A> ? `${N}.${keyof A & string}` : never;

/** A service's table of contents. */
export interface ServiceDefinition<D, I> {
  /** The service's schema, step by step. */
  readonly migrations: readonly Migration[];
  /** What handlers work with, built once per node when the service's database is there. */
  readonly dependencies: (environment: ServiceEnvironment) => D | Promise<D>;
  /** Every action of the contract, and no other. */
  readonly actions: I;
  /** What it does when an event happened, here or elsewhere. */
  readonly consumers?: readonly Consumer<D>[];
  /** For consumers that change rows which others want as well. */
  readonly lockForEvents?: LockForEvents<D>;
  /** What runs beside it on the same node, such as a server of its own. */
  readonly companions?: (config: Config) => readonly ServiceSchema[];
  /** What each of its nodes does again and again. */
  readonly jobs?: readonly Job<D>[];
  /** What one of its nodes does again and again. Like `tasks`, it needs the tables of `createTaskTables`. */
  readonly schedules?: readonly ScheduledJob<D>[];
  /** What it counts of the shop's business, where nodes measure themselves. */
  readonly businessMetrics?: readonly BusinessMetric[];
  /** The background tasks that its actions can queue; its contract has `taskQueued` among its events and consumes it. */
  readonly tasks?: readonly Task<D>[];
}

/** Names the actions that the contract promises and the list lacks, so that the type error says which. */
export type Complete<C, I extends readonly { name: string }[]> =
  Exclude<FullNames<C>, I[number]["name"]> extends never
    ? unknown
    : { actions: { "missing from the list": Exclude<FullNames<C>, I[number]["name"]> } };

/**
 * Makes a Moleculer service out of a contract and its implementation. Each action checks its caller and its params
 * before the handler runs, whoever calls and however.
 */
export function defineService<
  C extends ServiceContract,
  D,
  const I extends readonly { name: FullNames<C>; handle: (context: never, dependencies: D) => unknown }[],
>(contract: C, definition: ServiceDefinition<D, I> & Complete<C, I>): ServiceSchema {
  const { migrations, dependencies, consumers = [], companions = () => [], jobs = [], schedules = [], tasks = [] } = definition;
  return {
    name: contract.name,
    mixins: [databaseMixin(migrations)],
    actions: actionSchemas(contract, definition.actions as unknown as readonly Implementation<ActionName, D>[]),
    events: hearOfChanges,
    created(this: Service) {
      for (const companion of companions(configOf(this.broker))) this.broker.createService(companion);
    },
    async started(this: Service) {
      const service = this as ShopService<D>;
      const running: Partial<ShopService<D>> = service;
      const backgroundWork = new BackgroundWork(service, tasks);
      service.backgroundWork = backgroundWork;
      const { database, logger: log } = service;
      const environment = { config: configOf(this.broker), database, tasks: backgroundWork.queue, log };
      service.collaborators = await dependencies(environment);
      countBusiness(this.broker, service.database, definition.businessMetrics ?? []);
      const taking = [...consumers, ...backgroundWork.consumers, ...wakersOf(jobs, (name) => running.runningJobs?.wake(name))];
      service.durableEvents = await startEvents(service, contract, taking, service.collaborators, definition.lockForEvents);
      if (isCached(contract)) invalidateOnChange(service, service.database);
      const alwaysDone = taking.length > 0 ? [forgetOldEvents<D>(service)] : [];
      service.runningJobs = startJobs(service, [...jobs, ...alwaysDone], service.collaborators);
      backgroundWork.start(service.collaborators, schedules);
    },
    async stopped(this: Service) {
      const service = this as Partial<ShopService<D>>;
      await Promise.all([service.runningJobs?.stop(), service.backgroundWork?.stop()]);
      await service.durableEvents?.stop();
    },
  };
}

function isCached(contract: ServiceContract): boolean {
  return Object.values(contract.actions).some((declared) => declared.cache);
}
