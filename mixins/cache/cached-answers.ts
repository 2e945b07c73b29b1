import type { Service, ServiceBroker } from "moleculer";
import { configOf } from "../config-of.ts";
import type { Database } from "../database/database.ts";
import { Cache } from "./cache.ts";
import { RedisStore } from "./shared-store.ts";

/** Told to all nodes, and may be lost: an answer that outlives it is gone within its own short age. */
export const cacheInvalidated = "cache.invalidated";

export interface CacheInvalidation {
  readonly scope: string;
  readonly id: string;
  readonly since: number;
}

/** A burst of changes, as an import makes, is told to others once in so long. */
const tellEveryMs = 50;

const caches = new WeakMap<ServiceBroker, Cache>();

/** The cache that all services of this node share. */
export function cacheOf(broker: ServiceBroker): Cache {
  const known = caches.get(broker);
  if (known) return known;
  const { redisUrl, namespace } = configOf(broker);
  const shared = redisUrl ? new RedisStore(redisUrl, namespace, broker.getLogger("cache")) : undefined;
  const made = new Cache(shared);
  caches.set(broker, made);
  return made;
}

/** Closes the node's cache, when its services have stopped. */
export async function closeCache(broker: ServiceBroker): Promise<void> {
  await caches.get(broker)?.close();
  caches.delete(broker);
}

/** From now on, each change that the service publishes invalidates what is cached of it, here and on all nodes. */
export function invalidateOnChange(service: Service, database: Database): void {
  let telling: NodeJS.Timeout | undefined;
  database.onPublished(() => {
    const generation = cacheOf(service.broker).invalidate(service.name);
    clearTimeout(telling);
    const told: CacheInvalidation = { scope: service.name, ...generation };
    telling = setTimeout(() => void service.broker.broadcast(cacheInvalidated, told), tellEveryMs).unref();
  });
}
