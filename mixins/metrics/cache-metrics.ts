import type { ServiceBroker } from "moleculer";
import { cacheStatistics } from "../cache/cached-answers.ts";
import type { Family } from "./metrics.ts";

/** Where the node's answers to public questions came from. */
export function cacheFamilies(broker: ServiceBroker): Family[] {
  return [
    {
      name: "shop_cache_answers_total",
      help: "Answers to questions that may be kept: from the node's own memory, the store that all share, or the service",
      type: "counter",
      read: () => {
        const { own, shared, loaded } = cacheStatistics(broker);
        const values = { own, shared, loaded };
        return Object.entries(values).map(([from, value]) => ({ labels: { from }, value }));
      },
    },
    {
      name: "shop_cache_renewals_total",
      help: "Answers that were renewed before their time was up, while the kept one was still given",
      type: "counter",
      read: () => [{ labels: {}, value: cacheStatistics(broker).renewed }],
    },
  ];
}
