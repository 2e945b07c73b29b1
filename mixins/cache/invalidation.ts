import type { Context, Service, ServiceSchema } from "moleculer";
import type { Database } from "../database/database.ts";
import { cacheOf } from "./action-cache.ts";
import type { Invalidation } from "./cache.ts";

/** Broadcast to all nodes, best effort: a result that misses it expires after its `maxAgeMs`. */
export const cacheInvalidated = "cache.invalidated";

export interface InvalidationEvent extends Invalidation {
  readonly scope: string;
}

/** Broadcasts at most one invalidation per service in this interval, also during an import. */
const broadcastIntervalMs = 50;

/**
 * Invalidates the service's cached results, here and on all nodes, each time the service publishes a change.
 */
export function invalidateOnChange(service: Service, database: Pick<Database, "onPublished">): void {
  let last: Invalidation | undefined;
  let timer: NodeJS.Timeout | undefined;
  const broadcast = () => {
    timer = undefined;
    void service.broker.broadcast(cacheInvalidated, { scope: service.name, ...last });
  };
  database.onPublished(() => {
    last = cacheOf(service.broker).invalidate(service.name);
    timer ??= setTimeout(broadcast, broadcastIntervalMs).unref();
  });
}

/** Invalidation events of other nodes, for every service that caches results or calls cached actions. */
export const invalidationEvents: NonNullable<ServiceSchema["events"]> = {
  [cacheInvalidated](this: Service, ctx: Context<InvalidationEvent>) {
    cacheOf(this.broker).applyInvalidation(ctx.params.scope, ctx.params);
  },
};
