import type { ConfirmChannel } from "amqplib";
import { allContracts } from "../../services/contracts.ts";
import { backoffFor } from "./backoff.ts";

/**
 * Where durable events live in RabbitMQ. One topic exchange takes them all; each consuming service has
 * - a quorum queue with its events,
 * - for each step of the backoff a queue in which failed ones wait before they come back,
 * - a queue of dead letters.
 *
 * Every node declares all of it from the contracts, so that an event cannot be published before there is a queue for
 * each of its consumers. The version is part of the names: RabbitMQ refuses to redeclare a queue differently.
 */
export interface AmqpTopology {
  readonly exchange: string;
  readonly queueOf: (service: string) => string;
  readonly waitingQueueOf: (service: string, attempt: number) => string;
  readonly deadQueueOf: (service: string) => string;
  readonly consumers: readonly { readonly service: string; readonly events: readonly string[] }[];
  readonly backoffMs: readonly number[];
}

/**
 * A message that was given out so often without an answer has taken its consumer down each time, or nearly: it goes to
 * the dead letters. Without a limit of its own a queue gets RabbitMQ's, which throws the message away.
 */
const deliveryLimit = 100;
const unlimited = 2 ** 31 - 1;

/** @param backoffMs how long an event waits after its first, second … failed delivery; the last for all further ones */
export function amqpTopology(namespace: string, backoffMs: readonly number[]): AmqpTopology {
  const prefix = `${namespace}.events.v2`;
  return {
    exchange: prefix,
    queueOf: (service) => `${prefix}.${service}`,
    waitingQueueOf: (service, attempt) => `${prefix}.${service}.waiting.${backoffFor(backoffMs, attempt)}`,
    deadQueueOf: (service) => `${prefix}.${service}.dead`,
    consumers: allContracts
      .filter((contract) => contract.consumes.length > 0)
      .map((contract) => ({ service: contract.name, events: contract.consumes })),
    backoffMs,
  };
}

/** Declares everything; harmless when it is there. */
export async function declareTopology(channel: ConfirmChannel, topology: AmqpTopology): Promise<void> {
  await channel.assertExchange(topology.exchange, "topic", { durable: true });
  for (const { service, events } of topology.consumers) {
    const queue = topology.queueOf(service);
    await channel.assertQueue(topology.deadQueueOf(service), {
      durable: true,
      // They are given out whenever someone looks at them.
      arguments: { "x-queue-type": "quorum", "x-delivery-limit": unlimited },
    });
    await channel.assertQueue(queue, {
      durable: true,
      arguments: {
        "x-queue-type": "quorum",
        "x-delivery-limit": deliveryLimit,
        ...leavingTo(topology.deadQueueOf(service)),
      },
    });
    for (const event of events) await channel.bindQueue(queue, topology.exchange, event);
    for (const [index, ttl] of topology.backoffMs.entries())
      await channel.assertQueue(topology.waitingQueueOf(service, index + 1), {
        durable: true,
        arguments: {
          "x-queue-type": "quorum",
          "x-message-ttl": ttl,
          ...leavingTo(queue),
        },
      });
  }
}

/** A message that leaves its queue by itself does so only when it has arrived in the other one. */
function leavingTo(queue: string): Record<string, string> {
  return {
    "x-dead-letter-exchange": "",
    "x-dead-letter-routing-key": queue,
    "x-dead-letter-strategy": "at-least-once",
    "x-overflow": "reject-publish",
  };
}
