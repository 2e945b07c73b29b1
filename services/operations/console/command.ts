import type { ServiceBroker } from "moleculer";
import type { ActionName, Input, Result } from "../../../mixins/contract/calls.ts";

/** Context of a console command. */
export interface CommandContext {
  readonly broker: ServiceBroker;
  /** Calls an action as the operator. @throws Error when no node runs its service */
  readonly call: <N extends ActionName>(name: N, params: Input<N>) => Promise<Result<N>>;
}

/** A console command. */
export interface ShopCommand {
  /** Syntax after `shop`, with `<required>` and `[optional]` arguments at the end: `stock <sku>`. */
  readonly usage: string;
  /** One line for `shop help`. */
  readonly summary: string;
  /** @returns the output */
  readonly run: (context: CommandContext, args: readonly string[]) => Promise<string>;
}
