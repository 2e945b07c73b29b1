import type { ServiceSchema } from "moleculer";
import type { z } from "zod";
import type { ActionName } from "../contract/calls.ts";
import type { UserCaller } from "../contract/caller.ts";
import type { ServiceContract } from "../contract/contract.ts";
import type { ErrorCode, ErrorData, ShopError } from "../contract/errors.ts";
import type { Database } from "../database/database.ts";
import { consumersOf } from "../events/consumer.ts";
import type { ActionContext } from "../service/action-runtime.ts";
import { defineService } from "../service/define-service.ts";
import type { ResourceContract } from "./contract.ts";
import { accountDeleted, resourceContract } from "./contract.ts";
import type { Fields, Operation, ResourceDeclaration, ResourceTraits } from "./declaration.ts";
import type { Handlers, OperationContext } from "./handlers.ts";
import { resourceHandlers } from "./handlers.ts";
import { resourceMigrations } from "./migrations.ts";
import { modelOf, ResourceRows } from "./resource-rows.ts";

type ActionsOf<C> = C extends { readonly actions: infer A } ? A : never;
type ResultOf<A> = A extends { readonly result: infer R extends z.core.$ZodType } ? z.output<R> : never;
type ParamsOf<A> = A extends { readonly params: infer P extends z.core.$ZodType } ? z.output<P> : never;

/** Context of an action that replaces an operation. */
export type ReplacementContext<A> = Omit<ActionContext<ActionName>, "params" | "caller" | "fail"> & {
  readonly params: ParamsOf<A>;
  readonly caller: UserCaller;
  readonly fail: (code: ErrorCode, detail?: string, data?: ErrorData) => ShopError;
};

/** Standard operations for replacements to call, and the service's data. */
export type Standard<A> = {
  readonly [O in keyof A]: (context: OperationContext) => Promise<ResultOf<A[O]>>;
} & { readonly database: Database };

export type Replacements<A> = {
  readonly [O in keyof A]?: (
    context: ReplacementContext<A[O]>,
    standard: Standard<A>,
  ) => Promise<ResultOf<A[O]>>;
};

export interface Resource<C> {
  /** For the registry: `interface Contracts { alerts: typeof alerts.contract }`. */
  readonly contract: C;
  /** Schema of the service, for its file's default export. Replacements take the place of standard operations. */
  readonly service: (replacements?: Replacements<ActionsOf<C>>) => ServiceSchema;
}

interface Collaborators {
  readonly rows: ResourceRows;
  readonly standard: Handlers & { readonly database: Database };
}

/**
 * Defines a whole service by its fields: contract with routes and events, migrations, a Sequelize model in
 * moleculer-db's adapter, and list, get, create, update and remove.
 *
 * @throws Error for an inconsistent declaration
 */
export function defineResource<
  const N extends string,
  const F extends Fields,
  const D extends ResourceTraits<F>,
>(declaration: { readonly name: N; readonly fields: F } & D): Resource<ResourceContract<N, F, D>> {
  const contract = resourceContract<N, F, D>(declaration);
  return { contract, service: (replacements = {}) => resourceService(declaration, contract, replacements) };
}

type QualifiedName = `${string}.${string}`;
type Handler = (context: OperationContext, standard: Collaborators["standard"]) => Promise<unknown>;
type Replacing = Partial<Record<Operation, Handler>>;

function resourceService(
  declaration: ResourceDeclaration,
  contract: ServiceContract,
  replacements: Replacing,
): ServiceSchema {
  const implementations = Object.keys(contract.actions).map((key) => {
    const operation = key as Operation;
    const replacement = replacements[operation];
    const handle = async (context: OperationContext, { standard }: Collaborators) =>
      replacement ? replacement(context, standard) : standard[operation](context);
    return { name: `${contract.name}.${operation}` as QualifiedName, handle };
  });
  const removeRowsOfAccount = consumersOf<Collaborators>()(
    accountDeleted,
    async ({ payload }, tx, { rows }) => rows.removeAllOf(payload.userId, tx),
  );
  return defineService(contract, {
    migrations: resourceMigrations(declaration),
    model: modelOf(declaration),
    dependencies: ({ database }) => {
      const rows = new ResourceRows(declaration, database);
      return { rows, standard: { ...resourceHandlers(declaration, rows), database } };
    },
    actions: implementations,
    consumers: declaration.owner ? [removeRowsOfAccount] : [],
  });
}
