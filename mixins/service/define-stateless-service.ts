import type { Logger, Service, ServiceBroker, ServiceSchema } from "moleculer";
import type { Config } from "../../config/index.ts";
import type { ActionName, Result } from "../contract/calls.ts";
import type { ServiceContract } from "../contract/contract.ts";
import { configOf } from "./config-of.ts";
import type { ActionContext, Implementation } from "./action-runtime.ts";
import type { Complete, QualifiedNames } from "./define-service.ts";
import { define } from "./definition.ts";
import { actionSchemas } from "./action-runtime.ts";

/** Context of an action's handler in a service without data: no transaction. */
export type StatelessContext<N extends ActionName> = Omit<ActionContext<N>, "transaction">;

/** `actionsOf` for a service without data. */
export function statelessActionsOf<D>() {
  return <N extends ActionName>(
    name: N,
    handle: (context: StatelessContext<N>, dependencies: D) => Promise<Result<N>>,
  ) => ({ name, handle });
}

/** Input for building the dependencies of a service without data. */
export interface NodeEnvironment {
  readonly config: Config;
  /** The node's broker. */
  readonly broker: ServiceBroker;
  readonly log: Logger;
}

/** Definition of a service without data; it neither publishes nor consumes events. */
export interface StatelessDefinition<D, I> {
  readonly dependencies: (environment: NodeEnvironment) => D | Promise<D>;
  /** All actions of the contract, and no other. */
  readonly actions: I;
}

interface StatelessService<D> extends Service {
  collaborators: D;
}

type Listed = { name: string; handle: (context: never, dependencies: never) => unknown };

/** Names of the actions whose handler uses a transaction. */
type Transactional<L extends Listed> = L extends unknown
  ? "transaction" extends keyof Parameters<L["handle"]>[0]
    ? L["name"]
    : never
  : never;

type WithoutData<I extends readonly Listed[]> = [Transactional<I[number]>] extends [never]
  ? unknown
  : { actions: { "need a database": Transactional<I[number]> } };

/** Builds a service without data; its actions are checked as in `defineService`. */
export function defineStatelessService<
  C extends ServiceContract,
  D,
  const I extends readonly {
    name: QualifiedNames<C>;
    handle: (context: never, dependencies: D) => unknown;
  }[],
>(contract: C, definition: StatelessDefinition<D, I> & Complete<C, I> & WithoutData<I>): ServiceSchema {
  const schema: ServiceSchema = {
    name: contract.name,
    actions: actionSchemas(
      contract,
      definition.actions as unknown as readonly Implementation<ActionName, D>[],
    ),
    async started(this: Service) {
      const environment = { config: configOf(this.broker), broker: this.broker, log: this.logger };
      (this as StatelessService<D>).collaborators = await definition.dependencies(environment);
    },
  };
  return define(schema, { contract });
}
