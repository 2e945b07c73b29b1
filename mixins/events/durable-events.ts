import type { Middleware, Service, ServiceBroker } from "moleculer";
import type { ServiceContract } from "../../services/contract/contract.ts";
import type { ServiceWithDatabase } from "../database/database.mixin.ts";
import { configOf } from "../config-of.ts";
import { deliveryMetrics } from "../metrics/delivery-metrics.ts";
import { traceEvents } from "../tracing/trace-events.ts";
import type { Consumer, LockForEvents } from "./consumer.ts";
import { takeIn } from "./consumer.ts";
import { eventTransport } from "./event-transport.ts";
import { OutboxRelay } from "./relay.ts";
import type { Subscription } from "./transport.ts";

/** A service's part in the durable events. */
export interface DurableEvents {
  readonly subscription: Subscription;
  /** Ends deliveries, waiting for those under way. */
  readonly stop: () => Promise<void>;
}

/**
 * Connects a service to the durable events: what its transactions publish is delivered from its outbox, and its
 * consumers take in what others published, exactly once each.
 */
export async function startEvents<D>(
  service: ServiceWithDatabase,
  contract: ServiceContract,
  consumers: readonly Consumer<D>[],
  dependencies: D,
  lock?: LockForEvents<D>,
): Promise<DurableEvents> {
  const { broker, database } = service;
  const transport = eventTransport(broker);
  const metrics = deliveryMetrics(broker);
  const takeInHere: Subscription["takeIn"] = (events) =>
    traceEvents(service.name, events, () =>
      takeIn(database, consumers, dependencies, events, lock, configOf(broker).events.rememberedMs),
    );
  const subscription: Subscription = {
    service: service.name,
    events: [...new Set(consumers.flatMap((consumer) => consumer.events))],
    takeIn: metrics?.takingIn(service.name, takeInHere) ?? takeInHere,
  };
  if (consumers.length > 0) await transport.subscribe(subscription);

  const publishes = Object.keys(contract.events).length > 0;
  const sender = () => metrics?.sending(service.name, transport) ?? transport;
  const relay = publishes ? new OutboxRelay(database, sender(), configOf(broker).events, service.logger) : undefined;
  if (relay) {
    transport.addOutbox(database);
    database.onPublished(() => relay.wake());
    if (metrics) database.onPublished((events) => metrics.published(events));
    // Only when every service of this process has subscribed, so that none misses an event.
    broker.localBus.once("$broker.started", () => relay.start());
  }
  return {
    subscription,
    async stop() {
      await relay?.stop();
      await transport.unsubscribe(service.name);
    },
  };
}

/** Ends all deliveries of a node before the first of its services stops, whose database others may deliver to. */
export const deliveriesEndFirst: Middleware = {
  name: "DeliveriesEndFirst",
  async stopping(broker: ServiceBroker) {
    const services = broker.services as (Service & { durableEvents?: DurableEvents })[];
    await Promise.all(services.map(async (service) => service.durableEvents?.stop()));
  },
};
