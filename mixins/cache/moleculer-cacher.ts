import type { Context } from "moleculer";
import moleculer from "moleculer";
import { canonicalJson } from "../contract/canonical.ts";
import { cacheOf, closeCache } from "./action-cache.ts";
import { cacheInvalidated } from "./invalidation.ts";

/** Upper bound of every `ttl`: bounds staleness on a node that misses an invalidation. */
const maxTtlSeconds = 30;

interface CacheOptions {
  /** Seconds. */
  readonly ttl?: number | null;
}

type Handler = (ctx: Context) => Promise<unknown>;

/**
 * The broker's cacher, for plain services: `cache` in an action, `broker.cacher`, the console's `cache`
 * commands. Entries live in the node's memory; invalidations reach all nodes. Results loaded before an
 * invalidation are not returned after it, and loads are single-flight, so that `lock` is not needed.
 */
export class ShopCacher extends moleculer.Cachers.Base<object> {
  constructor() {
    super({ keygen: canonicalKey });
  }

  override close(): Promise<void> {
    return closeCache(this.broker);
  }

  override async get(key: string): Promise<Record<string, unknown> | null> {
    return cacheOf(this.broker).peek(scopeOf(key), key)?.value as Record<string, unknown> | null;
  }

  override async getWithTTL(key: string): Promise<{ data: unknown; ttl: number | null }> {
    const entry = cacheOf(this.broker).peek(scopeOf(key), key);
    return { data: entry?.value, ttl: entry ? (entry.expiresAt - Date.now()) / 1000 : null };
  }

  override async set(key: string, data: unknown, ttl?: number): Promise<void> {
    cacheOf(this.broker).put(scopeOf(key), key, data, maxAgeMs({ ttl: ttl ?? null }));
  }

  /** Invalidates all cached results of the services that the keys belong to. */
  override async del(keys: string | string[]): Promise<void> {
    await this.clean(keys);
  }

  /**
   * Invalidates all cached results of the services that the patterns name, on all nodes; of all services by
   * default.
   */
  override async clean(patterns: string | string[] = "**"): Promise<void> {
    const named = [patterns].flat().map(scopeOf);
    const scopes = named.some((scope) => /[*?]/.test(scope)) ? this.#allScopes() : named;
    for (const scope of new Set(scopes)) {
      const invalidation = cacheOf(this.broker).invalidate(scope);
      await this.broker.broadcast(cacheInvalidated, { scope, ...invalidation });
    }
  }

  override async getCacheKeys(): Promise<{ key: string }[]> {
    return cacheOf(this.broker)
      .keys()
      .map((key) => ({ key }));
  }

  override async middlewareWithoutLock(
    ctx: Context,
    key: string,
    handler: Handler,
    options: CacheOptions,
  ): Promise<unknown> {
    let isLoaded = false;
    const load = async () => {
      isLoaded = true;
      return { value: (await handler(ctx)) ?? null };
    };
    const { value } = await cacheOf(ctx.broker).getOrLoad({
      scope: scopeOf(key),
      key,
      maxAgeMs: maxAgeMs(options),
      load,
      l2: "none",
    });
    ctx.cachedResult = !isLoaded;
    return value;
  }

  override middlewareWithLock(
    ctx: Context,
    key: string,
    handler: Handler,
    options: CacheOptions,
  ): Promise<unknown> {
    return this.middlewareWithoutLock(ctx, key, handler, options);
  }

  override lock(): Promise<never> {
    return Promise.reject(new Error("this cacher has no locks: concurrent calls share one load"));
  }

  override tryLock(): Promise<never> {
    return this.lock();
  }

  #allScopes(): string[] {
    const services = this.broker.registry?.getServiceList({}) ?? [];
    return [...services.map(({ fullName }) => fullName), ...cacheOf(this.broker).keys().map(scopeOf)];
  }
}

/** The service that a key or pattern belongs to, with its version. */
function scopeOf(key: string): string {
  return /^(?:v\d+\.)?[^.:]*/.exec(key)?.[0] ?? "";
}

function maxAgeMs({ ttl }: CacheOptions): number {
  return Math.min(ttl ?? maxTtlSeconds, maxTtlSeconds) * 1000;
}

/** The action with the values that its `keys` name, or all its params, in canonical form: different calls never share a key. */
function canonicalKey(
  { name = "" }: { readonly name?: string },
  { keys }: { readonly keys?: readonly string[] },
  { params, meta, headers }: Context,
): string {
  const named = keys?.map((key) =>
    valueAt(key.replace(/^[#@]/, ""), key.startsWith("#") ? meta : key.startsWith("@") ? headers : params),
  );
  return `${name}:${canonicalJson(named ?? params ?? null)}`;
}

/** @param path such as `caller.userId` */
function valueAt(path: string, value: unknown): unknown {
  return path
    .split(".")
    .reduce<unknown>((at, name) => (at as Readonly<Record<string, unknown>> | undefined)?.[name], value);
}
