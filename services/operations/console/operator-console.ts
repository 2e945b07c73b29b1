import type { CallingOptions, Middleware, ReplOptions } from "moleculer";
import type { ShopMeta } from "../../../mixins/service/action-runtime.ts";
import { shopCommand } from "./shop-command.ts";

type Call = (action: string, params: unknown, options?: CallingOptions) => Promise<unknown>;

/**
 * Gives calls from the node's console the operator's identity: calls without a parent and without a caller.
 * Only for nodes with a console. Stopping waits for its calls, so that commands can be piped.
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
    // The framework's type omits that this returns the wrapped function.
    call: ((next: Call): Call =>
      (action, params, options = {}) => {
        const meta = options.meta as ShopMeta | undefined;
        if (options.parentCtx || meta?.caller) return next(action, params, options);
        return track(
          next(action, params, {
            ...options,
            meta: { ...meta, caller: { kind: "operator", name: "console" } },
          }),
        );
      }) as unknown as Middleware["call"],
    async stopping() {
      while (running.size > 0) await Promise.all(running);
    },
  };
  return {
    middlewares: [middleware],
    replOptions: { delimiter: "shop $", customCommands: [shopCommand(track)] },
  };
}
