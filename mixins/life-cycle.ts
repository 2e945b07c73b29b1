import type { ServiceBroker } from "moleculer";

const stopping = new WeakSet<ServiceBroker>();

/** From now on the node says that it is not ready, and its gateway sends its clients elsewhere. It still does its work. */
export function announceStop(broker: ServiceBroker): void {
  stopping.add(broker);
}

/** Whether the node has announced that it will stop. */
export function isStopping(broker: ServiceBroker): boolean {
  return stopping.has(broker);
}
