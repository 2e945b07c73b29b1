import type { ServiceBroker } from "moleculer";

const draining = new WeakSet<ServiceBroker>();

/**
 * Starts draining: the node reports not ready, and its gateway refers clients elsewhere, while it still
 * serves requests.
 */
export function startDraining(broker: ServiceBroker): void {
  draining.add(broker);
}

/** Whether the node is draining or stopping. */
export function isDraining(broker: ServiceBroker): boolean {
  return draining.has(broker);
}
