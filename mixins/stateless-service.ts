import type { Logger, Service, ServiceBroker, ServiceSchema } from "moleculer";
import type { Config } from "../config/index.ts";
import type { ActionName, Result } from "../services/contract/calls.ts";
import type { ServiceContract } from "../services/contract/contract.ts";
import { configOf } from "./config-of.ts";
import type { ActionContext, Implementation } from "./shop-action.ts";
import type { Complete, FullNames } from "./shop-service.ts";
import { actionSchemas } from "./shop-action.ts";

/** What an action's handler gets where there is no data: no transaction. */
export type StatelessContext<N extends ActionName> = Omit<ActionContext<N>, "transaction">;

/** `actionsOf` for a service that owns no data. */
export function statelessActionsOf<D>() {
  return <N extends ActionName>(
    name: N,
    handle: (context: StatelessContext<N>, dependencies: D) => Promise<Result<N>>,
  ) => ({ name, handle });
}

/** What a service without data can build its dependencies from. */
export interface NodeEnvironment {
  readonly config: Config;
  /** The node that the service runs on. */
  readonly broker: ServiceBroker;
  readonly log: Logger;
}

/** The table of contents of a service without data: it publishes nothing and consumes nothing. */
export interface StatelessDefinition<D, I> {
  readonly dependencies: (environment: NodeEnvironment) => D | Promise<D>;
  /** Every action of the contract, and no other. */
  readonly actions: I;
}

interface StatelessService<D> extends Service {
  collaborators: D;
}

type Listed = { name: string; handle: (context: never, dependencies: never) => unknown };

/** The names of actions that ask for a transaction. */
type Transactional<L extends Listed> = L extends unknown
  ? "transaction" extends keyof Parameters<L["handle"]>[0]
    ? L["name"]
    : never
  : never;

type WithoutData<I extends readonly Listed[]> = [Transactional<I[number]>] extends [never]
  ? unknown
  : { actions: { "need a database": Transactional<I[number]> } };

/** Makes a service that owns no data; its actions are checked as `defineService` checks them. */
export function defineStatelessService<
  C extends ServiceContract,
  D,
  const I extends readonly { name: FullNames<C>; handle: (context: never, dependencies: D) => unknown }[],
>(contract: C, definition: StatelessDefinition<D, I> & Complete<C, I> & WithoutData<I>): ServiceSchema {
  return {
    name: contract.name,
    actions: actionSchemas(contract, definition.actions as unknown as readonly Implementation<ActionName, D>[]),
    async started(this: Service) {
      const environment = { config: configOf(this.broker), broker: this.broker, log: this.logger };
      (this as StatelessService<D>).collaborators = await definition.dependencies(environment);
    },
  };
}
