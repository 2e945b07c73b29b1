import type { ServiceName } from "../../../config/index.ts";
import { serviceNames } from "../../../config/index.ts";

/** What a node is for: one service, or all of them. */
export type NodeKind = ServiceName | "all";

export const nodeKinds: readonly NodeKind[] = [...serviceNames, "all"];

/** How many nodes of each kind. */
export type NodeCounts = Readonly<Record<NodeKind, number>>;

export const defaultCounts: NodeCounts = { api: 2, users: 1, catalog: 2, cart: 1, orders: 2, audit: 1, all: 0 };

/** A node that is to run. */
export interface NodePlan {
  /** Its id in the cluster: `catalog-1`. */
  readonly name: string;
  readonly kind: NodeKind;
  readonly services: readonly ServiceName[];
  /** Where a gateway listens. */
  readonly port: number | undefined;
}

/** The nodes by name; the gateways' ports count up from the first one. Where nodes run everything, there are others only when asked for. */
export function planNodes(counts: Partial<NodeCounts>, firstPort: number): NodePlan[] {
  const standard = counts.all ? undefined : defaultCounts;
  const nodes = nodeKinds.flatMap((kind) =>
    Array.from({ length: counts[kind] ?? standard?.[kind] ?? 0 }, (_, index) => ({
      name: `${kind}-${index + 1}`,
      kind,
      services: kind === "all" ? serviceNames : [kind],
    })),
  );
  const gateways = nodes.filter(isGateway);
  return nodes.map((node) => ({ ...node, port: isGateway(node) ? firstPort + gateways.indexOf(node) : undefined }));
}

export function isGateway({ services }: Pick<NodePlan, "services">): boolean {
  return services.includes("api");
}
