import type { ActionSchema, Context, Logger, Service } from "moleculer";
import { z } from "zod";
import type {
  ActionName,
  CallerFor,
  CallOptions,
  Fail,
  Params,
  Result,
  TypedCall,
} from "../contract/calls.ts";
import { assertOwnOrder, authorize } from "../contract/authorize.ts";
import type { Caller } from "../contract/caller.ts";
import { actorOf, guest, isStaff } from "../contract/caller.ts";
import type { ActionContract, ServiceContract } from "../contract/contract.ts";
import type { ErrorCode, ErrorData } from "../contract/errors.ts";
import { commonErrors, isShopError, ShopError } from "../contract/errors.ts";
import { checkParams } from "../contract/validate.ts";
import type { CacheMeta } from "../cache/action-cache.ts";
import { mayUseCache, readThroughCache } from "../cache/action-cache.ts";
import { configOf } from "./config-of.ts";
import type { Tx } from "../database/database.ts";
import type { ServiceWithDatabase } from "../database/database.mixin.ts";
import type { ReadPreference } from "../database/read-preference.ts";
import { readPreferenceFor, withReadPreference } from "../database/read-preference.ts";
import { withRequestId } from "../observability/logging/current-request.ts";
import { remainingTime } from "./deadline.ts";
import type { UploadTicket } from "./uploads.ts";
import { uploadedBody } from "./uploads.ts";

/** Metadata of every call. */
export interface ShopMeta extends CacheMeta {
  caller?: Caller;
  client?: Client;
  /** A returning user: the account was signed in to from this address or device before. */
  returning?: boolean;
  /** The uploaded file, for a route with `upload`. */
  upload?: UploadTicket;
  /** Set on a retry after the node that ran the call has died. */
  takesOver?: boolean;
  /** Set when the action returned the stored result of an equal earlier request. */
  replayed?: boolean;
}

/** Origin of a request, as far as the gateway knows it. */
export interface Client {
  readonly address: string | null;
  readonly userAgent: string | null;
  /** Rate-limit key of the address; absent for exempt addresses. */
  readonly limitKey?: string | undefined;
}

const unknownClient: Client = { address: null, userAgent: null };

/** Context of an action's handler: checked params, an authorized caller, and operations. */
export interface ActionContext<N extends ActionName> {
  readonly params: Params<N>;
  readonly caller: CallerFor<N>;
  readonly client: Client;
  /** Calls another service on the caller's behalf, within the remaining time. */
  readonly call: TypedCall;
  /** Builds an error that the contract declares; throw it. */
  readonly fail: Fail<N>;
  /** Start of the action in milliseconds since 1970 (UTC); the `now` of decisions in `domain/`. */
  readonly now: number;
  /** The caller's deadline, in milliseconds since 1970 (UTC). */
  readonly deadline: number;
  readonly requestId: string;
  /** Whether this is a retry after the node that ran the call has died: its unfinished work is abandoned. */
  readonly takesOver: boolean;
  readonly log: Logger;
  /** Runs a transaction on the service's own data; see `Database.transaction`. */
  readonly transaction: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;
  /** Marks the result as that of an equal earlier request. */
  readonly markReplayed: () => void;
  /**
   * Body of a route with `upload`, as a stream; empty for other routes. Throws when the client disconnects,
   * exceeds the size limit or stalls.
   */
  readonly body: AsyncIterable<Uint8Array>;
}

/** An action for its service's list. */
export interface Implementation<N extends ActionName, D> {
  readonly name: N;
  readonly handle: (context: ActionContext<N>, dependencies: D) => Promise<Result<N>>;
}

/**
 * For a service's own `action`: `export const action = actionsOf<CartDependencies>()`, then `export const
 * addItem = action("cart.items.add", async ({ params }, { carts }) => …)`.
 */
export function actionsOf<D>() {
  return <N extends ActionName>(name: N, handle: Implementation<N, D>["handle"]): Implementation<N, D> => ({
    name,
    handle,
  });
}

/** A running service, as its actions see it. */
export interface ActionHost<D> extends ServiceWithDatabase {
  /** Dependencies of the handlers; set when the service has started. */
  collaborators: D;
}

/** Moleculer action schemas for a contract, for an `ActionHost`. */
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

function actionSchema<D>(
  contract: ActionContract,
  implementation: Implementation<ActionName, D>,
): ActionSchema {
  const schema: ActionSchema & { timeout: number | undefined } = {
    visibility: contract.route ? "published" : "public",
    timeout: contract.timeout,
    async handler(this: Service, ctx: Context<unknown, ShopMeta>) {
      const service = this as ActionHost<D>;
      // The deadline passed while the call was queued.
      if (remainingTime(ctx) <= 0) throw new ShopError("deadline-exceeded");
      const caller = ctx.meta.caller ?? guest;
      authorize(contract, caller, Date.now());
      const params = checkParams(contract.params, ctx.params ?? {});
      assertOwnOrder(contract, caller, params);
      const context = actionContext(service, ctx, caller, params) as ActionContext<ActionName>;
      const handle = async (from: ReadPreference) =>
        withReadPreference(from, () => implementation.handle(context, service.collaborators));
      const call = { name: implementation.name, service: this.name, contract, params };
      const work = withRequestId(ctx.requestID ?? ctx.id, () =>
        mayUseCache(contract, caller)
          ? readThroughCache(ctx, call, "owner", async (fresh) => ({
              value: await handle(readPreferenceFor(contract, fresh)),
            }))
          : handle(readPreferenceFor(contract, isStaff(caller))),
      );
      return (
        (configOf(this.broker).checkContracts ? await enforceContract(contract, work) : await work) ?? null
      );
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
    body: uploadedBody(ctx),
    markReplayed: () => {
      ctx.meta.replayed = true;
    },
    requestId,
    takesOver: ctx.meta.takesOver ?? false,
    now,
    deadline: now + remainingTime(ctx),
    log: service.logger,
    call: (name: ActionName, input: object = {}, options: CallOptions = {}) => ctx.call(name, input, options),
    fail: (code: ErrorCode, detail?: string, data?: ErrorData) => new ShopError(code, detail, data),
    transaction: (work: (tx: Tx) => Promise<unknown>) =>
      service.database.transaction({ actor: actorOf(caller), requestId }, work),
  };
}

/** In tests: fails on a result or error that the contract does not declare. */
async function enforceContract(contract: ActionContract, work: Promise<unknown>): Promise<unknown> {
  const result = await work.catch((error: unknown) => {
    const common = isShopError(error) && (commonErrors as readonly string[]).includes(error.type);
    if (isShopError(error) && !common && !contract.errors.includes(error.type))
      throw new Error(`"${contract.summary}" raised ${error.type}, which its contract does not declare`);
    throw error;
  });
  const checked = z.safeParse(contract.result, result ?? null);
  if (!checked.success) throw new Error(`"${contract.summary}" broke its contract: ${checked.error.message}`);
  return result;
}
