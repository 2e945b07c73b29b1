import type { ServiceName } from "../../../config/index.ts";
import { serviceNames } from "../../../config/index.ts";

/** How many nodes run each service. */
export type NodeCounts = Readonly<Record<ServiceName, number>>;

export const defaultCounts: NodeCounts = { api: 2, users: 1, catalog: 2, cart: 1, orders: 2, audit: 1 };

/** A node that is to run. */
export interface NodePlan {
  /** Its id in the cluster: `catalog-1`. */
  readonly name: string;
  readonly service: ServiceName;
  /** Where a gateway listens. */
  readonly port: number | undefined;
}

/** The nodes by name; the gateways' ports count up from the first one. */
export function planNodes(counts: Partial<NodeCounts>, firstPort: number): NodePlan[] {
  return serviceNames.flatMap((service) =>
    Array.from({ length: counts[service] ?? defaultCounts[service] }, (_, index) => ({
      name: `${service}-${index + 1}`,
      service,
      port: service === "api" ? firstPort + index : undefined,
    })),
  );
}
