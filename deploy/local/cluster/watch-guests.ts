import type { ServiceBroker } from "moleculer";

/**
 * Tells when nodes that others started join the cluster and leave it.
 *
 * @param own names of the nodes that are told of elsewhere
 */
export function watchGuests(broker: ServiceBroker, own: ReadonlySet<string>, log: (line: string) => void): void {
  const tell = (what: string) => (payload: { node: { id: string }; unexpected?: boolean }) => {
    const { node, unexpected } = payload;
    if (!own.has(node.id)) log(`${node.id} ${what}${unexpected ? " without a word" : ""}`);
  };
  broker.localBus.on("$node.connected", tell("joined the cluster"));
  broker.localBus.on("$node.disconnected", tell("left the cluster"));
}
