import type { ServiceContract } from "../../services/contract/contract.ts";
import type { ServiceWithDatabase } from "../database/database.mixin.ts";
import type { Consumer } from "./consumer.ts";
import { takeIn } from "./consumer.ts";
import { inProcessTransport } from "./in-process-transport.ts";
import { OutboxRelay } from "./relay.ts";

/**
 * Connects a service to the durable events: what its transactions publish is delivered from its outbox, and its
 * consumers take in what others published, exactly once each.
 *
 * @returns a function that ends deliveries, waiting for those under way
 */
export async function startEvents<D>(
  service: ServiceWithDatabase,
  contract: ServiceContract,
  consumers: readonly Consumer<D>[],
  dependencies: D,
): Promise<() => Promise<void>> {
  const { broker, database } = service;
  const transport = inProcessTransport(broker);
  if (consumers.length > 0)
    await transport.subscribe({
      service: service.name,
      events: [...new Set(consumers.flatMap((consumer) => consumer.events))],
      takeIn: (events) => takeIn(database, consumers, dependencies, events),
    });
  if (Object.keys(contract.events).length === 0) return () => Promise.resolve();

  const relay = new OutboxRelay(database, transport, service.logger);
  database.onPublished = () => relay.wake();
  // Only when every service of this process has subscribed, so that none misses an event.
  broker.localBus.once("$broker.started", () => relay.start());
  return () => relay.stop();
}
