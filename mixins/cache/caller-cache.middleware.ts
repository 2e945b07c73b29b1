import type { ActionSchema, Context, Middleware } from "moleculer";
import { guest } from "../contract/caller.ts";
import type { ServiceContract } from "../contract/contract.ts";
import { actionsByName } from "../contract/registry.ts";
import { checkParams } from "../contract/validate.ts";
import type { ShopMeta } from "../service/action-runtime.ts";
import { cacheOf, mayUseCache, readThroughCache } from "./action-cache.ts";

type Handler = (ctx: Context<unknown, ShopMeta>) => Promise<unknown>;

/**
 * Looks up the cache before a call leaves the node, so that a hit sends no message. A remote result keeps its
 * remote expiry. The caller sends the invalidations that it knows, so that no result is older than any of
 * them.
 */
export function callerCache(contracts: readonly ServiceContract[]): Middleware {
  const declaredActions = actionsByName(contracts);
  const remoteAction = (next: Handler, action: ActionSchema): Handler => {
    const name = action.name ?? "";
    const contract = declaredActions.get(name);
    if (!contract?.cache) return next;
    const service = name.slice(0, name.indexOf("."));
    return async (ctx) => {
      // A call to a specific node is about that node.
      if (ctx.options.nodeID || !mayUseCache(contract, ctx.meta.caller ?? guest)) return next(ctx);
      const params = checkParams(contract.params, ctx.params ?? {});
      return readThroughCache(ctx, { name, service, contract, params }, "caller", async () => {
        ctx.meta.seenInvalidations = cacheOf(ctx.broker).invalidations(service);
        const value = await next(ctx).finally(() => delete ctx.meta.seenInvalidations);
        return { value, expiresAt: ctx.meta.cachedUntil };
      });
    };
  };
  return { name: "CallerCache", remoteAction: remoteAction as Middleware["remoteAction"] };
}
