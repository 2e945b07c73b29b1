import type { CallingOptions, Middleware, ReplOptions } from "moleculer";
import type { ShopMeta } from "../../mixins/shop-action.ts";
import { shopCommand } from "./commands/shop-command.ts";

type Call = (action: string, params: unknown, options?: CallingOptions) => Promise<unknown>;

/**
 * Lets whoever sits at the node's console act as the operator: calls that come from nowhere else and name no caller
 * are theirs. Only for nodes with a console. The node does not stop before it has answered them, so that commands can
 * come from a pipe.
 */
export function operatorConsole(): { middlewares: Middleware[]; replOptions: ReplOptions } {
  const running = new Set<Promise<unknown>>();
  const track = <T>(work: Promise<T>): Promise<T> => {
    const done: Promise<unknown> = work.catch(() => undefined).finally(() => running.delete(done));
    running.add(done);
    return work;
  };

  const middleware: Middleware = {
    name: "OperatorConsole",
    // The framework's type leaves out that this returns the wrapped function.
    call: ((next: Call): Call =>
      (action, params, options = {}) => {
        const meta = options.meta as ShopMeta | undefined;
        if (options.parentCtx || meta?.caller) return next(action, params, options);
        return track(next(action, params, { ...options, meta: { ...meta, caller: { kind: "operator", name: "console" } } }));
      }) as unknown as Middleware["call"],
    async stopping() {
      while (running.size > 0) await Promise.all(running);
    },
  };
  return { middlewares: [middleware], replOptions: { delimiter: "shop $", customCommands: [shopCommand(track)] } };
}
