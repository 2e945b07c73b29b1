import type { CallingOptions, Context, Middleware } from "moleculer";
import type { ShopMeta } from "../action-runtime.ts";
import type { PlainService } from "./plain-service.ts";

/** As Moleculer returns it. */
type CallPromise = Promise<unknown> & { readonly ctx?: Context<unknown, ShopMeta> };
type Call = (action: string, params: unknown, options?: CallingOptions) => Promise<unknown>;

/**
 * Calls of a plain service carry the current caller or, outside a request (timer, event), the service's own
 * identity.
 */
export function serviceIdentity(): Middleware {
  const call = (next: Call): Call => {
    return (action, params, options) => {
      const parent = options?.parentCtx as Context<unknown, ShopMeta> | undefined;
      const { identity } = (parent?.service ?? {}) as Partial<PlainService>;
      const meta = options?.meta as ShopMeta | undefined;
      if (!identity || parent?.meta.caller || meta?.caller) return next(action, params, options);
      const answer: CallPromise = next(action, params, { ...options, meta: { ...meta, caller: identity } });
      const called = answer.ctx;
      // Moleculer merges a called action's `meta` into its caller's, transitively.
      return answer.finally(() => delete called?.meta.caller);
    };
  };
  // Moleculer's type omits that `call` returns the wrapped function.
  return { name: "ServiceIdentity", call: call as unknown as Middleware["call"] };
}
