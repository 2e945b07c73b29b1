import type { Context, Service, ServiceBroker, ServiceSchema } from "moleculer";
import { canonicalJson } from "../../services/contract/canonical.ts";
import type { Caller } from "../../services/contract/caller.ts";
import { isStaff } from "../../services/contract/caller.ts";
import type { ActionContract } from "../../services/contract/contract.ts";
import { configOf } from "../config-of.ts";
import type { Database } from "../database/database.ts";
import { apart } from "../logging/current-request.ts";
import type { CacheStatistics, Change, Loaded } from "./cache.ts";
import { Cache } from "./cache.ts";
import { RedisStore } from "./shared-store.ts";

/** Told to all nodes, and may be lost: an answer that outlives it is gone within its own short age. */
export const cacheInvalidated = "cache.invalidated";

/** What travels with a question whose answer may be kept, and back with its answer. */
export interface KeptMeta {
  /** Changes that the asker has heard of: no answer may be older. */
  heard?: readonly Change[];
  /** Until when the answer may be given, in milliseconds since 1970. */
  keptUntil?: number;
}

export interface CacheInvalidation extends Change {
  readonly scope: string;
}

/** However fast changes follow each other, as in an import, others are told once in so long, and no later. */
const tellEveryMs = 50;

const caches = new WeakMap<ServiceBroker, Cache>();

/** The cache that all services of this node share. */
export function cacheOf(broker: ServiceBroker): Cache {
  const known = caches.get(broker);
  if (known) return known;
  const { redisUrl, namespace } = configOf(broker);
  // It lives longer than the request that is the first to need it.
  const shared = apart(() => (redisUrl ? new RedisStore(redisUrl, namespace, broker.getLogger("cache")) : undefined));
  const made = new Cache(shared);
  caches.set(broker, made);
  return made;
}

/** A question to an action whose answer may be kept. */
export interface AskedAction {
  /** In full. */
  readonly name: string;
  readonly service: string;
  readonly contract: ActionContract;
  /** Checked against the contract, so that equal questions are equal. */
  readonly params: unknown;
}

/** Whether this caller may get an answer that was given to others. Staff see what they have just changed. */
export function getsKeptAnswers(contract: ActionContract, caller: Caller): boolean {
  return contract.cache !== undefined && !isStaff(caller);
}

/**
 * Answers from the cache, or from `load` and keeps that; notes in `ctx` for how long it holds.
 *
 * @param at the node that asks another one, or the one that has the answer
 */
export async function throughCache(
  ctx: Context<unknown, KeptMeta>,
  { name, service, contract, params }: AskedAction,
  at: "asker" | "owner",
  load: (fresh: boolean) => Promise<Loaded>,
): Promise<unknown> {
  const question = `${name} ${canonicalJson(params)}`;
  const maxAgeMs = contract.cache?.maxAgeMs ?? 0;
  const cache = cacheOf(ctx.broker);
  for (const change of ctx.meta.heard ?? []) cache.adopt(service, change);
  // Who says what they have heard has looked already.
  const shared = at === "asker" ? "looks" : ctx.meta.heard ? "keeps" : "both";
  const { value, expiresAt } = await cache.through({ scope: service, question, maxAgeMs, load, shared });
  ctx.meta.keptUntil = expiresAt;
  return value;
}

/** For every service that keeps answers or asks for some: the node hears of the changes that others make. */
export const hearOfChanges: NonNullable<ServiceSchema["events"]> = {
  [cacheInvalidated](this: Service, ctx: Context<CacheInvalidation>) {
    cacheOf(this.broker).adopt(ctx.params.scope, ctx.params);
  },
};

/** Where the node's answers came from; all zero where nobody has asked yet. */
export function cacheStatistics(broker: ServiceBroker): Readonly<CacheStatistics> {
  return { own: 0, shared: 0, loaded: 0, renewed: 0, ...caches.get(broker)?.statistics };
}

/** Closes the node's cache, when its services have stopped. */
export async function closeCache(broker: ServiceBroker): Promise<void> {
  await caches.get(broker)?.close();
  caches.delete(broker);
}

/** From now on, each change that the service publishes invalidates what is cached of it, here and on all nodes. */
export function invalidateOnChange(service: Service, database: Pick<Database, "onPublished">): void {
  let last: Change | undefined;
  let telling: NodeJS.Timeout | undefined;
  const tell = () => {
    telling = undefined;
    void service.broker.broadcast(cacheInvalidated, { scope: service.name, ...last });
  };
  database.onPublished(() => {
    last = cacheOf(service.broker).invalidate(service.name);
    telling ??= setTimeout(tell, tellEveryMs).unref();
  });
}
