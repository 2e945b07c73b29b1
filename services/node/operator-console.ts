import type { CallingOptions, Middleware } from "moleculer";

import type { ShopMeta } from "../../mixins/shop-service.ts";

type Call = (action: string, params: unknown, options?: CallingOptions) => Promise<unknown>;

/**
 * Lets whoever sits at the node's console act as the operator: calls that come from nowhere else and name no caller
 * are theirs. Only for nodes with a console.
 */
export const operatorConsole: Middleware = {
  name: "OperatorConsole",
  // The framework's type leaves out that this returns the wrapped function.
  call: ((next: Call): Call =>
    (action, params, options = {}) => {
      const meta = options.meta as ShopMeta | undefined;
      if (options.parentCtx || meta?.caller) return next(action, params, options);
      return next(action, params, { ...options, meta: { ...meta, caller: { kind: "operator", name: "console" } } });
    }) as unknown as Middleware["call"],
};
