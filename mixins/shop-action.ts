import type { ActionSchema, Context, Logger, Service } from "moleculer";
import type { ActionName, CallerFor, CallOptions, Fail, Params, Result, TypedCall } from "../services/contract/calls.ts";
import { authorize } from "../services/contract/authorize.ts";
import type { Caller } from "../services/contract/caller.ts";
import { actorOf, guest, isStaff } from "../services/contract/caller.ts";
import type { ActionContract, ServiceContract } from "../services/contract/contract.ts";
import type { ErrorCode, ErrorData } from "../services/contract/errors.ts";
import { commonErrors, isShopError, ShopError } from "../services/contract/errors.ts";
import { checkParams } from "../services/contract/validate.ts";
import type { KeptMeta } from "./cache/cached-answers.ts";
import { getsKeptAnswers, throughCache } from "./cache/cached-answers.ts";
import { configOf } from "./config-of.ts";
import type { Tx } from "./database/database.ts";
import type { ServiceWithDatabase } from "./database/database.mixin.ts";
import type { ReadPreference } from "./database/read-preference.ts";
import { readingFrom } from "./database/read-preference.ts";
import { inRequest } from "./logging/current-request.ts";
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

/** A service as its actions see it. */
export interface ActingService<D> extends ServiceWithDatabase {
  /** What handlers work with; there when the service has started. */
  collaborators: D;
}

/** A contract's actions as the framework takes them, for an `ActingService`. */
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

function actionSchema<D>(contract: ActionContract, implementation: Implementation<ActionName, D>): ActionSchema {
  const schema: ActionSchema & { timeout: number | undefined } = {
    visibility: contract.route ? "published" : "public",
    timeout: contract.timeout,
    bulkhead: contract.bulkhead
      ? { enabled: true, concurrency: contract.bulkhead.concurrency, maxQueueSize: contract.bulkhead.queue }
      : undefined,
    async handler(this: Service, ctx: Context<unknown, ShopMeta>) {
      const service = this as ActingService<D>;
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
