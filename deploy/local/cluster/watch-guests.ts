import type { ServiceBroker } from "moleculer";

/**
 * Logs foreign nodes that join and leave the cluster.
 *
 * @param own names of the cluster's own nodes, which are logged elsewhere
 */
export function logForeignNodes(
  broker: ServiceBroker,
  own: ReadonlySet<string>,
  log: (line: string) => void,
): void {
  const logEvent = (what: string) => (payload: { node: { id: string }; unexpected?: boolean }) => {
    const { node, unexpected } = payload;
    if (!own.has(node.id)) log(`${node.id} ${what}${unexpected ? " without a word" : ""}`);
  };
  broker.localBus.on("$node.connected", logEvent("joined the cluster"));
  broker.localBus.on("$node.disconnected", logEvent("left the cluster"));
}
