import type { ConfirmChannel } from "amqplib";
import { allContracts } from "../../services/contracts.ts";

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
}

/** How long an event waits after its first, second … failed delivery; the last for all further ones. */
export const backoffMs = [200, 1000, 5000, 30_000, 120_000] as const;

export function amqpTopology(namespace: string): AmqpTopology {
  const prefix = `${namespace}.events.v1`;
  return {
    exchange: prefix,
    queueOf: (service) => `${prefix}.${service}`,
    waitingQueueOf: (service, attempt) => `${prefix}.${service}.waiting.${backoffFor(attempt)}`,
    deadQueueOf: (service) => `${prefix}.${service}.dead`,
    consumers: allContracts
      .filter((contract) => contract.consumes.length > 0)
      .map((contract) => ({ service: contract.name, events: contract.consumes })),
  };
}

function backoffFor(attempt: number): number {
  return backoffMs[Math.min(attempt, backoffMs.length) - 1] ?? backoffMs[0];
}

/** Declares everything; harmless when it is there. */
export async function declareTopology(channel: ConfirmChannel, topology: AmqpTopology): Promise<void> {
  await channel.assertExchange(topology.exchange, "topic", { durable: true });
  for (const { service, events } of topology.consumers) {
    const queue = topology.queueOf(service);
    await channel.assertQueue(queue, { durable: true, arguments: { "x-queue-type": "quorum" } });
    for (const event of events) await channel.bindQueue(queue, topology.exchange, event);
    for (const [index, ttl] of backoffMs.entries())
      await channel.assertQueue(topology.waitingQueueOf(service, index + 1), {
        durable: true,
        arguments: {
          "x-queue-type": "quorum",
          "x-message-ttl": ttl,
          "x-dead-letter-exchange": "",
          "x-dead-letter-routing-key": queue,
          // An expired message leaves only when it has arrived in the service's queue.
          "x-dead-letter-strategy": "at-least-once",
          "x-overflow": "reject-publish",
        },
      });
    await channel.assertQueue(topology.deadQueueOf(service), {
      durable: true,
      arguments: { "x-queue-type": "quorum" },
    });
  }
}
