import type { ActionSchema, Context, Middleware } from "moleculer";
import { guest } from "../../services/contract/caller.ts";
import type { ActionContract } from "../../services/contract/contract.ts";
import { checkParams } from "../../services/contract/validate.ts";
import { allContracts } from "../../services/contracts.ts";
import type { ShopMeta } from "../shop-action.ts";
import type { AskedAction } from "./cached-answers.ts";
import { cacheOf, getsKeptAnswers, throughCache } from "./cached-answers.ts";

type Handler = (ctx: Context<unknown, ShopMeta>) => Promise<unknown>;

/**
 * Asks the cache before a call leaves the node, so that a kept answer costs no message. What comes from another node
 * is given no longer than that node would give it, and that node first hears of the changes that this one knows of: an
 * answer is never older than a change that its asker has heard of.
 */
export function cacheAtCaller(): Middleware {
  const cached = new Map(allContracts.flatMap(({ name, actions }) => cachedActions(name, actions)));
  const remoteAction = (next: Handler, action: ActionSchema): Handler => {
    const declared = cached.get(action.name ?? "");
    if (!declared) return next;
    return async (ctx) => {
      // What is asked of a certain node is about that node.
      if (ctx.options.nodeID || !getsKeptAnswers(declared.contract, ctx.meta.caller ?? guest)) return next(ctx);
      const params = checkParams(declared.contract.params, ctx.params ?? {});
      return throughCache(ctx, { ...declared, params }, "asker", async () => {
        ctx.meta.heard = cacheOf(ctx.broker).changes(declared.service);
        const value = await next(ctx).finally(() => delete ctx.meta.heard);
        return { value, expiresAt: ctx.meta.keptUntil };
      });
    };
  };
  return { name: "CacheAtCaller", remoteAction: remoteAction as Middleware["remoteAction"] };
}

function cachedActions(service: string, actions: Readonly<Record<string, ActionContract>>) {
  return Object.entries(actions).flatMap(([key, contract]): [string, Omit<AskedAction, "params">][] =>
    contract.cache ? [[`${service}.${key}`, { name: `${service}.${key}`, service, contract }]] : [],
  );
}
