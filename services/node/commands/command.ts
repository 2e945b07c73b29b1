import type { ServiceBroker } from "moleculer";
import type { ActionName, Input, Result } from "../../contract/calls.ts";

/** What a command at the console works with. */
export interface CommandContext {
  readonly broker: ServiceBroker;
  /** Calls an action as the operator. @throws Error when no node runs its service */
  readonly call: <N extends ActionName>(name: N, params: Input<N>) => Promise<Result<N>>;
}

/** A command at a node's console. */
export interface ShopCommand {
  /** As it is typed after `shop`, with `<required>` and `[optional]` arguments at the end: `stock <sku>`. */
  readonly usage: string;
  /** One line for `shop help`. */
  readonly summary: string;
  /** @returns what is shown */
  readonly run: (context: CommandContext, args: readonly string[]) => Promise<string>;
}
