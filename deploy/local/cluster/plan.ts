import { installedServiceNames } from "../../../config/index.ts";

/** Service that a node runs, `rest` for those of which no number is given, or `all`. */
export type NodeKind = string;

/** Installed services. */
export const serviceNames: readonly string[] = installedServiceNames();

export const nodeKinds: readonly NodeKind[] = [...serviceNames, "rest", "all"];

/** Number of nodes of each kind. */
export type NodeCounts = Readonly<Record<NodeKind, number>>;

/** Kinds with more than one node by default: the busiest. */
const several: NodeCounts = { api: 2, catalog: 2, orders: 2 };

export const defaultCounts: NodeCounts = {
  ...Object.fromEntries(serviceNames.map((name) => [name, several[name] ?? 1])),
  rest: 0,
  all: 0,
};

/** A node to run. */
export interface NodePlan {
  /** Its node id: `catalog-1`. */
  readonly name: string;
  readonly kind: NodeKind;
  readonly services: readonly string[];
  /** Port of a gateway. */
  readonly port: number | undefined;
}

/**
 * Plans the nodes; the gateways' ports count up from the first. With nodes of kind `all`, or a number of kind
 * `rest`, others must be requested.
 */
export function planNodes(counts: Partial<NodeCounts>, firstPort: number): NodePlan[] {
  const standard = counts.all || counts.rest !== undefined ? undefined : defaultCounts;
  const rest = serviceNames.filter((name) => counts[name] === undefined);
  const servicesOf: Readonly<Record<NodeKind, readonly string[]>> = { rest, all: serviceNames };
  const nodes = nodeKinds.flatMap((kind) =>
    Array.from({ length: counts[kind] ?? standard?.[kind] ?? 0 }, (_, index) => ({
      name: `${kind}-${index + 1}`,
      kind,
      services: servicesOf[kind] ?? [kind],
    })),
  );
  const gateways = nodes.filter(isGateway);
  return nodes.map((node) => ({
    ...node,
    port: isGateway(node) ? firstPort + gateways.indexOf(node) : undefined,
  }));
}

export function isGateway({ services }: Pick<NodePlan, "services">): boolean {
  return services.includes("api");
}
