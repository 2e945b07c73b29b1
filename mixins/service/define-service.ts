import type { Context, Logger, Service, ServiceBroker, ServiceSchema } from "moleculer";
import type { Config } from "../../config/index.ts";
import type { ActionName } from "../contract/calls.ts";
import type { ServiceContract } from "../contract/contract.ts";
import { invalidationEvents, invalidateOnChange } from "../cache/invalidation.ts";
import { configOf } from "./config-of.ts";
import type { Database } from "../database/database.ts";
import type { ModelDefinition } from "../database/database.mixin.ts";
import { databaseMixin } from "../database/database.mixin.ts";
import type { Invariant } from "../database/invariant.ts";
import type { Migration } from "../database/migrate.ts";
import type { Consumer, LockForEvents } from "../events/consumer.ts";
import type { DurableEvents } from "../events/durable-events.ts";
import { startEvents } from "../events/durable-events.ts";
import { purgeInbox } from "../events/purge-inbox.ts";
import { purgeSentEvents } from "../events/purge-sent-events.ts";
import type { Job, RunningJobs } from "./jobs.ts";
import { startJobs, jobTriggersOf } from "./jobs.ts";
import type { BusinessMetric } from "../observability/metrics/business-metrics.ts";
import { countBusiness } from "../observability/metrics/business-metrics.ts";
import type { ActionHost, Implementation } from "./action-runtime.ts";
import { define } from "./definition.ts";
import { actionSchemas } from "./action-runtime.ts";
import { BackgroundWork } from "../tasks/background-work.ts";
import { purgeTasks } from "../tasks/purge-tasks.ts";
import type { Task } from "../tasks/task.ts";
import type { TaskQueue } from "../tasks/task-queue.ts";

/** Input for building a service's dependencies. */
export interface ServiceEnvironment {
  readonly broker: ServiceBroker;
  readonly config: Config;
  readonly database: Database;
  /** Queue of the service's background tasks. */
  readonly tasks: TaskQueue;
  readonly log: Logger;
}

/** A running service, as its lifecycle sees it. */
interface ShopService<D> extends ActionHost<D> {
  /** Set one by one during the start. */
  durableEvents: DurableEvents;
  runningJobs: RunningJobs;
  backgroundWork: BackgroundWork<D>;
}

/** Full names of a contract's actions. */
export type QualifiedNames<C> =
  C extends ServiceContract<infer N, infer A> ? `${N}.${keyof A & string}` : never;

/** Definition of a service. */
export interface ServiceDefinition<D, I> {
  /** Schema migrations, in order. */
  readonly migrations: readonly Migration[];
  /** Model of a table that the migrations create, for plain data that is read and written through Sequelize. */
  readonly model?: ModelDefinition;
  /** Checks the service's own settings when the node is created. @throws ConfigError */
  readonly checkSettings?: (config: Config) => void;
  /** Invariants of its data, checked by `npm run verify`. */
  readonly invariants?: readonly Invariant[];
  /** Builds the handlers' dependencies, once per node, when the database is ready. */
  readonly dependencies: (environment: ServiceEnvironment) => D | Promise<D>;
  /** Releases the dependencies' resources after the service has stopped. */
  readonly release?: (dependencies: D) => void | Promise<void>;
  /** All actions of the contract, and no other. */
  readonly actions: I;
  /** Reactions to durable events. */
  readonly consumers?: readonly Consumer<D>[];
  /** Reactions to Moleculer events that may be lost; the payload is not checked. */
  readonly hints?: Readonly<Record<string, (payload: unknown, dependencies: D) => void>>;
  /** Locks for consumers that change contested rows. */
  readonly lockForEvents?: LockForEvents<D>;
  /** Periodic jobs. */
  readonly jobs?: readonly Job<D>[];
  /** Business metrics, if metrics are enabled. */
  readonly businessMetrics?: readonly BusinessMetric[];
  /**
   * Background tasks that its actions can queue; the contract publishes and consumes `taskQueued`, and a
   * migration runs `createTaskTables`.
   */
  readonly tasks?: readonly Task<D>[];
}

/** Type error that names the contract's actions missing from the list. */
export type Complete<C, I extends readonly { name: string }[]> =
  Exclude<QualifiedNames<C>, I[number]["name"]> extends never
    ? unknown
    : { actions: { "missing from the list": Exclude<QualifiedNames<C>, I[number]["name"]> } };

/**
 * Builds a Moleculer service from a contract and its implementation. Every call, local or remote, is
 * authorized and its params are checked before the handler runs.
 */
export function defineService<
  C extends ServiceContract,
  D,
  const I extends readonly {
    name: QualifiedNames<C>;
    handle: (context: never, dependencies: D) => unknown;
  }[],
>(contract: C, definition: ServiceDefinition<D, I> & Complete<C, I>): ServiceSchema {
  const { migrations, dependencies, consumers = [], jobs = [], tasks = [] } = definition;
  const schema: ServiceSchema = {
    name: contract.name,
    mixins: [databaseMixin(migrations, definition.model)],
    actions: actionSchemas(
      contract,
      definition.actions as unknown as readonly Implementation<ActionName, D>[],
    ),
    events: { ...invalidationEvents, ...hintHandlers(definition.hints ?? {}) },
    created(this: Service) {
      definition.checkSettings?.(configOf(this.broker));
    },
    async started(this: Service) {
      const service = this as ShopService<D>;
      const running: Partial<ShopService<D>> = service;
      const backgroundWork = new BackgroundWork(service, tasks);
      service.backgroundWork = backgroundWork;
      const { broker, database, logger: log } = service;
      const environment = { broker, config: configOf(broker), database, tasks: backgroundWork.queue, log };
      service.collaborators = await dependencies(environment);
      countBusiness(this.broker, service.database, definition.businessMetrics ?? []);
      const allConsumers = [
        ...consumers,
        ...backgroundWork.consumers,
        ...jobTriggersOf(jobs, (name) => running.runningJobs?.wake(name)),
      ];
      service.durableEvents = await startEvents(
        service,
        contract,
        allConsumers,
        service.collaborators,
        definition.lockForEvents,
      );
      if (isCached(contract)) invalidateOnChange(service, service.database);
      const purgeJobs = [
        ...(allConsumers.length > 0 ? [purgeInbox<D>(service)] : []),
        ...(service.durableEvents.retainsSent ? [purgeSentEvents<D>(service)] : []),
        ...(tasks.length > 0 ? [purgeTasks<D>(service, tasks)] : []),
      ];
      service.runningJobs = startJobs(service, [...jobs, ...purgeJobs], service.collaborators);
      backgroundWork.start(service.collaborators);
    },
    async stopped(this: Service) {
      const service = this as Partial<ShopService<D>>;
      await Promise.all([service.runningJobs?.stop(), service.backgroundWork?.stop()]);
      await service.durableEvents?.stop();
      if (service.collaborators) await definition.release?.(service.collaborators);
      delete service.collaborators;
    },
  };
  return define(schema, { contract, migrations, invariants: definition.invariants });
}

/** A hint that arrives before the start or after the stop is lost. */
function hintHandlers(
  hints: NonNullable<ServiceDefinition<never, unknown>["hints"]>,
): NonNullable<ServiceSchema["events"]> {
  return Object.fromEntries(
    Object.entries(hints).map(([name, handle]) => [
      name,
      function (this: Service, context: Context) {
        const { collaborators } = this as Partial<ShopService<unknown>>;
        if (collaborators) handle(context.params, collaborators as never);
      },
    ]),
  );
}

function isCached(contract: ServiceContract): boolean {
  return Object.values(contract.actions).some((declared) => declared.cache);
}
