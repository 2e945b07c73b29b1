import type { ServiceBroker } from "moleculer";
import { cacheStatistics } from "../../cache/action-cache.ts";
import type { MetricFamily } from "./metrics.ts";

/** Sources of cached results on this node. */
export function cacheFamilies(broker: ServiceBroker): MetricFamily[] {
  return [
    {
      name: "shop_cache_answers_total",
      help: "Results of cacheable calls, by source: the node's own memory, the shared store, or the service",
      type: "counter",
      read: () => {
        const { own, shared, loaded } = cacheStatistics(broker);
        const values = { own, shared, loaded };
        return Object.entries(values).map(([from, value]) => ({ labels: { from }, value }));
      },
    },
    {
      name: "shop_cache_renewals_total",
      help: "Background refreshes of cached results before their expiry (stale-while-revalidate)",
      type: "counter",
      read: () => [{ labels: {}, value: cacheStatistics(broker).renewed }],
    },
  ];
}
