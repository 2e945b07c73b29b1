import type { CallingOptions, ServiceBroker } from "moleculer";
import type { ActionName, Input, Result } from "../../../mixins/contract/calls.ts";

const answerWithinMs = 3000;

/** A node in another node's registry. */
export interface KnownNode {
  readonly id: string;
  /** False after it left, or missed heartbeats for a few seconds. */
  readonly available: boolean;
  /** Its services, without operations and the framework's own. */
  readonly services: readonly string[];
}

/** The cluster from this node's registry, sorted by name. */
export function knownNodes(broker: ServiceBroker): KnownNode[] {
  const nodes = broker.registry?.getNodeList({ withServices: true }) ?? [];
  return nodes
    .map(({ id, available, services }) => ({
      id,
      available,
      services: available ? shopServices(services) : [],
    }))
    .sort((one, other) => one.id.localeCompare(other.id, "en", { numeric: true }));
}

function shopServices(services: readonly { name?: unknown }[]): string[] {
  const names = services.map(({ name }) => String(name));
  return names.filter((name) => !name.startsWith("$") && name !== "operations").sort();
}

/** Typed call of an action, on one node if `nodeID` is given. */
export function callShop<N extends ActionName>(
  broker: ServiceBroker,
  name: N,
  params: Input<N>,
  options?: CallingOptions,
): Promise<Result<N>> {
  return broker.call<Result<N>, Input<N>>(name, params, options);
}

/** Calls an action on every node; `answer` is undefined for nodes that fail or time out. */
export async function queryNodes<N extends ActionName>(
  broker: ServiceBroker,
  nodes: readonly KnownNode[],
  name: N,
  params: Input<N>,
): Promise<{ node: KnownNode; answer: Result<N> | undefined }[]> {
  return Promise.all(
    nodes.map(async (node) => {
      if (!node.available) return { node, answer: undefined };
      const options = { nodeID: node.id, timeout: answerWithinMs };
      return { node, answer: await callShop(broker, name, params, options).catch(() => undefined) };
    }),
  );
}
