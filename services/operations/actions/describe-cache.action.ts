import { cacheStatistics } from "../../../mixins/cache/action-cache.ts";
import { action } from "../operations.dependencies.ts";

export const describeCache = action("operations.cache", async (_context, { broker }) => ({
  nodeId: broker.nodeID,
  ...cacheStatistics(broker),
}));
