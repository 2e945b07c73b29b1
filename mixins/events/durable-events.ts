import type { ServiceBroker } from "moleculer";
import type { EventName } from "../contract/calls.ts";
import type { ServiceContract } from "../contract/contract.ts";
import { isEventSet } from "../contract/contract.ts";
import type { ServiceWithDatabase } from "../database/database.mixin.ts";
import { configOf, contractsOf } from "../service/config-of.ts";
import { deliveryMetrics } from "../observability/metrics/delivery-metrics.ts";
import { traceEvents } from "../observability/tracing/trace-events.ts";
import type { Consumer, LockForEvents } from "./consumer.ts";
import { consume } from "./consumer.ts";
import { faultFinder } from "./fault-in-event.ts";
import { eventTransport } from "./open-event-transport.ts";
import type { EventEnvelope } from "./envelope.ts";
import { OutboxRelay } from "./outbox-relay.ts";
import type { Subscription } from "./transport-interface.ts";

/** A service's connection to the durable events. */
export interface DurableEvents {
  readonly subscription: Subscription;
  /** Whether its outbox keeps sent events for a while. */
  readonly retainsSent: boolean;
  /** Stops deliveries and awaits those in progress. */
  readonly stop: () => Promise<void>;
}

/**
 * Connects a service to the durable events: relays its outbox and subscribes its consumers, with effect
 * exactly once.
 *
 * @throws Error when the contract's `consumes` and the consumers' events differ
 */
export async function startEvents<D>(
  service: ServiceWithDatabase,
  contract: ServiceContract,
  consumers: readonly Consumer<D>[],
  dependencies: D,
  lock?: LockForEvents<D>,
): Promise<DurableEvents> {
  const { broker, database } = service;
  const { consumes } = contractsOf(broker).find(({ name }) => name === contract.name) ?? contract;
  assertConsumesMatch(contract, [...new Set(consumers.flatMap((consumer) => consumer.events))]);
  const events = consumes as readonly EventName[];
  const transport = eventTransport(broker);
  const metrics = deliveryMetrics(broker);
  const consumeHere: Subscription["consume"] = (events) =>
    traceEvents(service.name, events, () =>
      consume(database, consumers, dependencies, events, lock, configOf(broker).events.inboxRetentionMs),
    );
  const subscription: Subscription = {
    service: service.name,
    events,
    faultIn: faultFinder(contractsOf(broker), events),
    consume: metrics?.measureConsumer(service.name, consumeHere) ?? consumeHere,
  };
  if (consumers.length > 0) await transport.subscribe(subscription);

  const publishes = Object.keys(contract.events).length > 0;
  const publisher = publishes ? transport.addOutbox(service.name, database) : undefined;
  const measured = publisher && (metrics?.measureOutlet(service.name, publisher) ?? publisher);
  const relay = measured && new OutboxRelay(database, measured, configOf(broker).events, service.logger);
  if (relay) {
    database.onPublished(() => relay.wake());
    database.onPublished((events) => hint(broker, events));
    if (metrics) database.onPublished((events) => metrics.published(events));
    // After all services of this process have subscribed, so that none misses an event.
    broker.localBus.once("$broker.started", () => relay.start());
  }
  return {
    subscription,
    retainsSent: publisher?.rebind !== undefined,
    async stop() {
      await relay?.stop();
      await transport.unsubscribe(service.name);
    },
  };
}

/** Also emits committed events as Moleculer events, at most once, for services that list them in `events`. */
function hint(broker: ServiceBroker, events: readonly EventEnvelope[]): void {
  for (const { name, payload } of events)
    broker
      .emit(name, payload)
      .catch((error: unknown) => broker.logger.debug(`no hint of ${name} was sent`, error));
}

/**
 * RabbitMQ queues are declared from contracts: an undeclared event would reach the consumer in the embedded
 * shape only.
 */
function assertConsumesMatch({ name, consumes }: ServiceContract, events: readonly string[]): void {
  const undeclared = consumes.some(isEventSet) ? [] : events.filter((event) => !consumes.includes(event));
  if (undeclared.length > 0)
    throw new Error(`${name} consumes ${undeclared.join(", ")}: add it to the contract's \`consumes\``);
  const unconsumed = consumes.filter((event) => !events.some((taken) => taken === event));
  if (unconsumed.length > 0)
    throw new Error(`${name}'s contract consumes ${unconsumed.join(", ")}: no consumer handles it`);
}
