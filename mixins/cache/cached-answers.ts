import type { Service, ServiceBroker } from "moleculer";
import { configOf } from "../config-of.ts";
import type { Database } from "../database/database.ts";
import type { CacheStatistics, Change } from "./cache.ts";
import { Cache } from "./cache.ts";
import { RedisStore } from "./shared-store.ts";

/** Told to all nodes, and may be lost: an answer that outlives it is gone within its own short age. */
export const cacheInvalidated = "cache.invalidated";

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
  const shared = redisUrl ? new RedisStore(redisUrl, namespace, broker.getLogger("cache")) : undefined;
  const made = new Cache(shared);
  caches.set(broker, made);
  return made;
}

/** Where the node's answers came from; all zero where nobody has asked yet. */
export function cacheStatistics(broker: ServiceBroker): Readonly<CacheStatistics> {
  return { own: 0, shared: 0, loaded: 0, ...caches.get(broker)?.statistics };
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
