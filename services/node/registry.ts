import type { CallingOptions, ServiceBroker } from "moleculer";
import type { ActionName, Input, Result } from "../contract/calls.ts";

const answerWithinMs = 3000;

/** A node as the registry of another one has it. */
export interface KnownNode {
  readonly id: string;
  /** False once it has left or has not been heard of for a few seconds. */
  readonly available: boolean;
  /** The services that it offers, operations and the framework's own left out. */
  readonly services: readonly string[];
}

/** The cluster as this node sees it, in the order of names. */
export function knownNodes(broker: ServiceBroker): KnownNode[] {
  const nodes = broker.registry?.getNodeList({ withServices: true }) ?? [];
  return nodes
    .map(({ id, available, services }) => ({ id, available, services: available ? shopServices(services) : [] }))
    .sort((one, other) => one.id.localeCompare(other.id, "en", { numeric: true }));
}

function shopServices(services: readonly { name?: unknown }[]): string[] {
  const names = services.map(({ name }) => String(name));
  return names.filter((name) => !name.startsWith("$") && name !== "operations").sort();
}

/** Calls an action, with its params and result checked by type, on one node when `nodeID` names it. */
export function callShop<N extends ActionName>(
  broker: ServiceBroker,
  name: N,
  params: Input<N>,
  options?: CallingOptions,
): Promise<Result<N>> {
  return broker.call<Result<N>, Input<N>>(name, params, options);
}

/** Asks every node the same; `answer` is undefined for those that do not answer. */
export async function askNodes<N extends ActionName>(
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
