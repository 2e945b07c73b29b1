import type { Channel } from "amqplib";
import type { ServiceContract } from "../contract/contract.ts";
import { backoffFor } from "../support/backoff.ts";

/**
 * RabbitMQ topology of durable events, declared from the contracts by every node before it publishes. Names
 * contain a version, because a queue cannot be redeclared with other arguments.
 */
export interface AmqpTopology {
  /** One exchange for all events. */
  readonly exchange: string;
  /** A consuming service's quorum queue. */
  readonly queueOf: (service: string) => string;
  /** The retry queue of a backoff step, where failed events wait before they return. */
  readonly retryQueueOf: (service: string, attempt: number) => string;
  readonly deadQueueOf: (service: string) => string;
  /**
   * Routing key from a publisher to a consumer's queue. The publisher alone binds it, after it has requeued
   * what it sent before, so that a binding means a complete queue. The binding is lost with its queue;
   * `mandatory` then returns the messages.
   */
  readonly routingKeyOf: (publisher: string, consumer: string) => string;
  readonly consumers: readonly { readonly service: string; readonly events: readonly string[] }[];
  readonly backoffMs: readonly number[];
}

/**
 * Redeliveries after which RabbitMQ dead-letters a poison message, which presumably crashes its consumer each
 * time. Without an explicit limit RabbitMQ's default drops the message.
 */
const deliveryLimit = 100;
const unlimited = 2 ** 31 - 1;

/**
 * @param contracts of all installed services
 * @param backoffMs pauses after the first, second … failed delivery; the last for all further ones
 */
export function amqpTopology(
  contracts: readonly Pick<ServiceContract, "name" | "consumes">[],
  namespace: string,
  backoffMs: readonly number[],
): AmqpTopology {
  const prefix = `${namespace}.events.v2`;
  return {
    exchange: prefix,
    queueOf: (service) => `${prefix}.${service}`,
    retryQueueOf: (service, attempt) => `${prefix}.${service}.waiting.${backoffFor(backoffMs, attempt)}`,
    deadQueueOf: (service) => `${prefix}.${service}.dead`,
    // Differs from event names, which nodes of an earlier version use as routing keys on the same exchange.
    routingKeyOf: (publisher, consumer) => `from.${publisher}.to.${consumer}`,
    consumers: contracts
      .filter((contract) => contract.consumes.length > 0)
      .map((contract) => ({ service: contract.name, events: contract.consumes })),
    backoffMs,
  };
}

/** Last declaration per connection. */
const declarations = new WeakMap<object, Promise<void>>();

/**
 * Declares everything except the bindings; idempotent. Serialized per connection: RabbitMQ 3.10 may never
 * answer concurrent declarations of the same new queue.
 */
export async function declareTopology(channel: Channel, topology: AmqpTopology): Promise<void> {
  const earlier = declarations.get(channel.connection) ?? Promise.resolve();
  const declared = earlier.catch(() => undefined).then(() => declareAll(channel, topology));
  declarations.set(channel.connection, declared);
  await declared;
}

async function declareAll(channel: Channel, topology: AmqpTopology): Promise<void> {
  await channel.assertExchange(topology.exchange, "topic", { durable: true });
  for (const { service } of topology.consumers) {
    const queue = topology.queueOf(service);
    await channel.assertQueue(topology.deadQueueOf(service), {
      durable: true,
      // Every inspection of the dead letters counts as a delivery.
      arguments: { "x-queue-type": "quorum", "x-delivery-limit": unlimited },
    });
    await channel.assertQueue(queue, {
      durable: true,
      arguments: {
        "x-queue-type": "quorum",
        "x-delivery-limit": deliveryLimit,
        ...deadLetterTo(topology.deadQueueOf(service)),
      },
    });
    for (const [index, ttl] of topology.backoffMs.entries())
      await channel.assertQueue(topology.retryQueueOf(service, index + 1), {
        durable: true,
        arguments: {
          "x-queue-type": "quorum",
          "x-message-ttl": ttl,
          ...deadLetterTo(queue),
        },
      });
  }
}

/** Routes the publisher's events to the consumer's queue. */
export async function bindRoute(
  channel: Channel,
  topology: AmqpTopology,
  publisher: string,
  consumer: string,
): Promise<void> {
  await channel.bindQueue(
    topology.queueOf(consumer),
    topology.exchange,
    topology.routingKeyOf(publisher, consumer),
  );
}

/**
 * Dead-letters into `queue`, at least once: a message leaves its queue only after it has arrived in the
 * other.
 */
function deadLetterTo(queue: string): Record<string, string> {
  return {
    "x-dead-letter-exchange": "",
    "x-dead-letter-routing-key": queue,
    "x-dead-letter-strategy": "at-least-once",
    "x-overflow": "reject-publish",
  };
}
