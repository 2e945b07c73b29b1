import type { Context, ServiceBroker } from "moleculer";
import { canonicalJson } from "../contract/canonical.ts";
import type { Caller } from "../contract/caller.ts";
import { isStaff } from "../contract/caller.ts";
import type { ActionContract } from "../contract/contract.ts";
import { configOf } from "../service/config-of.ts";
import { detached } from "../observability/logging/current-request.ts";
import type { CacheStatistics, Invalidation, LoadResult } from "./cache.ts";
import { Cache } from "./cache.ts";
import { RedisStore } from "./redis-store.ts";

/** Metadata of a cacheable call and its response. */
export interface CacheMeta {
  /** Invalidations that the caller knows; the result must not be older than any of them. */
  seenInvalidations?: readonly Invalidation[];
  /** Expiry of the result, in milliseconds since 1970. */
  cachedUntil?: number;
}

const caches = new WeakMap<ServiceBroker, Cache>();

/** The cache that all services of this node share. */
export function cacheOf(broker: ServiceBroker): Cache {
  const known = caches.get(broker);
  if (known) return known;
  const { redisUrl, namespace } = configOf(broker);
  // Detached from the current request: the store outlives it.
  const shared = detached(() =>
    redisUrl ? new RedisStore(redisUrl, namespace, broker.getLogger("cache")) : undefined,
  );
  const made = new Cache(shared);
  caches.set(broker, made);
  return made;
}

/** A call of a cacheable action. */
export interface CacheableCall {
  /** Full name. */
  readonly name: string;
  readonly service: string;
  readonly contract: ActionContract;
  /** Checked against the contract, so that equal calls have equal cache keys. */
  readonly params: unknown;
}

/** Whether this caller may get a shared result. Staff bypass the cache and so read their own writes. */
export function mayUseCache(contract: ActionContract, caller: Caller): boolean {
  return contract.cache !== undefined && !isStaff(caller);
}

/**
 * Returns a cached result, or the result of `load`, which it caches; writes the expiry into `ctx.meta`.
 *
 * @param at the node that makes the call, or the node that runs the action
 */
export async function readThroughCache(
  ctx: Context<unknown, CacheMeta>,
  { name, service, contract, params }: CacheableCall,
  at: "caller" | "owner",
  load: (fresh: boolean) => Promise<LoadResult>,
): Promise<unknown> {
  const key = `${name} ${canonicalJson(params)}`;
  const maxAgeMs = contract.cache?.maxAgeMs ?? 0;
  const cache = cacheOf(ctx.broker);
  for (const invalidation of ctx.meta.seenInvalidations ?? []) cache.applyInvalidation(service, invalidation);
  // A caller that sends invalidations has missed the shared store already.
  const l2 = at === "caller" ? "read" : ctx.meta.seenInvalidations ? "write" : "readwrite";
  const { value, expiresAt } = await cache.getOrLoad({ scope: service, key, maxAgeMs, load, l2 });
  ctx.meta.cachedUntil = expiresAt;
  return value;
}

/** Cache statistics of this node; all zero before the first lookup. */
export function cacheStatistics(broker: ServiceBroker): Readonly<CacheStatistics> {
  return { own: 0, shared: 0, loaded: 0, renewed: 0, ...caches.get(broker)?.statistics };
}

/** Closes the node's cache once its services have stopped. Late events find one without a shared store. */
export async function closeCache(broker: ServiceBroker): Promise<void> {
  const closing = caches.get(broker);
  caches.set(broker, new Cache());
  await closing?.close();
}
