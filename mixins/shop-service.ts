import type { ActionSchema, Context, Logger, Service, ServiceSchema } from "moleculer";
import type { Config } from "../config/index.ts";
import type {
  ActionName,
  CallerFor,
  CallOptions,
  Fail,
  Params,
  Result,
  TypedCall,
} from "../services/contract/calls.ts";
import { authorize } from "../services/contract/authorize.ts";
import type { Caller } from "../services/contract/caller.ts";
import { actorOf, guest, isStaff } from "../services/contract/caller.ts";
import type { ActionContract, ServiceContract } from "../services/contract/contract.ts";
import type { ErrorCode, ErrorData } from "../services/contract/errors.ts";
import { commonErrors, isShopError, ShopError } from "../services/contract/errors.ts";
import { checkParams } from "../services/contract/validate.ts";
import type { KeptMeta } from "./cache/cached-answers.ts";
import { getsKeptAnswers, hearOfChanges, invalidateOnChange, throughCache } from "./cache/cached-answers.ts";
import { configOf } from "./config-of.ts";
import type { Database, Tx } from "./database/database.ts";
import type { ServiceWithDatabase } from "./database/database.mixin.ts";
import { databaseMixin } from "./database/database.mixin.ts";
import type { Migration } from "./database/migrate.ts";
import type { ReadPreference } from "./database/read-preference.ts";
import { readingFrom } from "./database/read-preference.ts";
import type { Consumer, LockForEvents } from "./events/consumer.ts";
import type { DurableEvents } from "./events/durable-events.ts";
import { forgetOldEvents } from "./events/forget-old-events.ts";
import { startEvents } from "./events/durable-events.ts";
import { inRequest } from "./logging/current-request.ts";
import type { BusinessMetric } from "./metrics/business-metrics.ts";
import { countBusiness } from "./metrics/business-metrics.ts";
import type { Job, RunningJobs } from "./jobs.ts";
import { startJobs, wakersOf } from "./jobs.ts";
import { BackgroundWork } from "./tasks/background-work.ts";
import type { ScheduledJob } from "./tasks/schedule.ts";
import type { Task } from "./tasks/task.ts";
import type { TaskQueue } from "./tasks/task-queue.ts";
import { timeLeft } from "./time-left.ts";
import type { UploadTicket } from "./uploads.ts";
import { receivedBody } from "./uploads.ts";

/** What travels with every call of the shop besides its params. */
export interface ShopMeta extends KeptMeta {
  caller?: Caller;
  client?: Client;
  /** Whether the account that it is about was signed in to from the same place before. */
  familiar?: boolean;
  /** The file that came with the call, for a route with `upload`. */
  upload?: UploadTicket;
  /** Set when the call is made again because the node that had it has died. */
  takesOver?: boolean;
  /** Set by an action that answered with the stored result of an earlier, equal request. */
  replayed?: boolean;
}

/** Where a request came from, as far as the gateway could tell. */
export interface Client {
  readonly address: string | null;
  readonly userAgent: string | null;
}

const unknownClient: Client = { address: null, userAgent: null };

/** What an action's handler gets: checked params, an authorised caller, and the ways to act. */
export interface ActionContext<N extends ActionName> {
  readonly params: Params<N>;
  readonly caller: CallerFor<N>;
  readonly client: Client;
  /** Calls another service on the same caller's behalf and within what is left of its time. */
  readonly call: TypedCall;
  /** Builds an error that this action's contract declares; throw it. */
  readonly fail: Fail<N>;
  /** When the action began: milliseconds since 1970, UTC. Decisions in `domain/` take it as `now`. */
  readonly now: number;
  /** When the caller stops waiting for the answer: milliseconds since 1970, UTC. */
  readonly deadline: number;
  readonly requestId: string;
  /** Whether the same call had begun on a node that has died: what it left unfinished nobody works on any more. */
  readonly takesOver: boolean;
  readonly log: Logger;
  /** A transaction on the service's own data; see `Database.transaction`. */
  readonly transaction: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;
  /** Tells the caller that this is the stored result of an earlier, equal request. */
  readonly markReplayed: () => void;
  /**
   * The body of a route with `upload`, as it arrives; empty for all others. It throws when the sender goes away, when it
   * sends more than it may, or when it falls silent.
   */
  readonly body: AsyncIterable<Uint8Array>;
}

/** One action, ready to be listed in its service. */
export interface Implementation<N extends ActionName, D> {
  readonly name: N;
  readonly handle: (context: ActionContext<N>, dependencies: D) => Promise<Result<N>>;
}

/**
 * For a service's own `action`: `export const action = actionsOf<CartDependencies>()`, and then
 * `export const addItem = action("cart.items.add", async ({ params }, { carts }) => …)`.
 */
export function actionsOf<D>() {
  return <N extends ActionName>(name: N, handle: Implementation<N, D>["handle"]): Implementation<N, D> => ({
    name,
    handle,
  });
}

/** What a service can build its dependencies from. */
export interface ServiceEnvironment {
  readonly config: Config;
  readonly database: Database;
  /** The service's background tasks, if it has some. */
  readonly tasks: TaskQueue;
  readonly log: Logger;
}

/** A running service, as its lifecycle sees it. */
interface ShopService<D> extends ServiceWithDatabase {
  collaborators: D;
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

/** A contract's actions as the framework takes them, for a service whose `collaborators` are there when it has started. */
export function actionSchemas<D>(
  contract: ServiceContract,
  implementations: readonly Implementation<ActionName, D>[],
): Record<string, ActionSchema> {
  return Object.fromEntries(
    implementations.map((implementation) => {
      const key = implementation.name.slice(contract.name.length + 1);
      const declared = contract.actions[key];
      if (!declared) throw new Error(`no contract declares ${implementation.name}`);
      return [key, actionSchema(declared, implementation)];
    }),
  );
}

function isCached(contract: ServiceContract): boolean {
  return Object.values(contract.actions).some((declared) => declared.cache);
}

function actionSchema<D>(contract: ActionContract, implementation: Implementation<ActionName, D>): ActionSchema {
  const schema: ActionSchema & { timeout: number | undefined } = {
    visibility: contract.route ? "published" : "public",
    timeout: contract.timeout,
    bulkhead: contract.bulkhead
      ? { enabled: true, concurrency: contract.bulkhead.concurrency, maxQueueSize: contract.bulkhead.queue }
      : undefined,
    async handler(this: Service, ctx: Context<unknown, ShopMeta>) {
      const service = this as ShopService<D>;
      // It waited in a queue until nobody waited for it any more.
      if (timeLeft(ctx) <= 0) throw new ShopError("deadline-exceeded");
      const caller = ctx.meta.caller ?? guest;
      authorize(contract, caller, Date.now());
      const params = checkParams(contract.params, ctx.params ?? {});
      const context = actionContext(service, ctx, caller, params) as ActionContext<ActionName>;
      const reads = contract.reads ?? "primary";
      const handle = async (from: ReadPreference) =>
        readingFrom(from, () => implementation.handle(context, service.collaborators));
      const asked = { name: implementation.name, service: this.name, contract, params };
      const work = inRequest(ctx.requestID ?? ctx.id, () =>
        getsKeptAnswers(contract, caller)
          ? throughCache(ctx, asked, "owner", async (fresh) => ({ value: await handle(fresh ? "primary" : reads) }))
          : handle(isStaff(caller) ? "primary" : reads),
      );
      return (configOf(this.broker).checkContracts ? await keepingPromises(contract, work) : await work) ?? null;
    },
  };
  return schema;
}

function actionContext(
  service: ServiceWithDatabase,
  ctx: Context<unknown, ShopMeta>,
  caller: Caller,
  params: unknown,
): object {
  const requestId = ctx.requestID ?? ctx.id;
  const now = Date.now();
  return {
    params,
    caller,
    client: ctx.meta.client ?? unknownClient,
    body: receivedBody(ctx),
    markReplayed: () => {
      ctx.meta.replayed = true;
    },
    requestId,
    takesOver: ctx.meta.takesOver ?? false,
    now,
    deadline: now + timeLeft(ctx),
    log: service.logger,
    call: (name: ActionName, input: object = {}, options: CallOptions = {}) => ctx.call(name, input, options),
    fail: (code: ErrorCode, detail?: string, data?: ErrorData) => new ShopError(code, detail, data),
    transaction: (work: (tx: Tx) => Promise<unknown>) =>
      service.database.transaction({ actor: actorOf(caller), requestId }, work),
  };
}

/** Tests run with this: a result or an error that the contract does not declare is a mistake in the service. */
async function keepingPromises(contract: ActionContract, work: Promise<unknown>): Promise<unknown> {
  const result = await work.catch((error: unknown) => {
    const common = isShopError(error) && (commonErrors as readonly string[]).includes(error.type);
    if (isShopError(error) && !common && !contract.errors.includes(error.type))
      throw new Error(`"${contract.summary}" raised ${error.type}, which its contract does not declare`);
    throw error;
  });
  const checked = contract.result.safeParse(result ?? null);
  if (!checked.success) throw new Error(`"${contract.summary}" broke its contract: ${checked.error.message}`);
  return result;
}
