import type { ServiceWithDatabase } from "../../../mixins/database/database.mixin.ts";
import { action } from "../operations.dependencies.ts";

export const listReplicas = action("operations.replicas", async (_context, { broker }) => {
  const services = broker.services as Partial<ServiceWithDatabase>[];
  const replicas = services.flatMap(({ name = "", database }) =>
    (database?.replicaStatus() ?? []).map(({ name: replica, healthy, lagMs, reads }) => ({
      service: name,
      replica,
      good: healthy,
      // JSON has no Infinity.
      lagMs: lagMs !== null && Number.isFinite(lagMs) ? lagMs : null,
      reads,
    })),
  );
  return { nodeId: broker.nodeID, replicas };
});
