import type { ServiceBroker } from "moleculer";
import type { ServiceContract } from "../../contract/contract.ts";
import { countInOutbox } from "../../events/outbox-table.ts";
import { eventTransport } from "../../events/open-event-transport.ts";
import type { QueueDepth } from "../../events/transport-interface.ts";
import { databasesOf } from "./database-metrics.ts";
import type { MetricFamily } from "./metrics.ts";
import { sampled } from "./sampled.ts";

interface OutboxState {
  readonly service: string;
  readonly waiting: number;
  readonly dead: number;
  readonly oldestSeconds: number;
}

/**
 * Pending events: in the outboxes of this node's services, and in RabbitMQ's queues, which every node with
 * data reports alike.
 */
export function eventFamilies(broker: ServiceBroker, contracts: readonly ServiceContract[]): MetricFamily[] {
  const publishing = new Set(
    contracts.filter(({ events }) => Object.keys(events).length > 0).map(({ name }) => name),
  );
  const outboxes = sampled(() => readOutboxes(broker, publishing));
  const depths = sampled(async () => (databasesOf(broker).length > 0 ? eventTransport(broker).depths() : []));
  const outbox = (valueOf: (state: OutboxState) => number) => async () =>
    (await outboxes()).map((state) => ({ labels: { service: state.service }, value: valueOf(state) }));
  const queue = (valueOf: (depth: QueueDepth) => number) => async () =>
    (await depths()).map((depth) => ({ labels: { consumer: depth.consumer }, value: valueOf(depth) }));
  return [
    {
      name: "shop_outbox_waiting",
      help: "Committed events waiting in the outbox, counted up to 10 000",
      type: "gauge",
      read: outbox(({ waiting }) => waiting),
    },
    {
      name: "shop_outbox_oldest_age_seconds",
      help: "Age of the oldest event waiting in the outbox; 0 when there is none",
      type: "gauge",
      read: outbox(({ oldestSeconds }) => oldestSeconds),
    },
    {
      name: "shop_outbox_dead",
      help: "Dead letters in the outbox: events that could not be delivered",
      type: "gauge",
      read: outbox(({ dead }) => dead),
    },
    {
      name: "shop_queue_events",
      help: "Events in the consumer's queue that no node has received yet",
      type: "gauge",
      read: queue(({ queued }) => queued),
    },
    {
      name: "shop_queue_retrying_events",
      help: "Failed events waiting for a retry",
      type: "gauge",
      read: queue(({ retrying }) => retrying),
    },
    {
      name: "shop_queue_dead_events",
      help: "Dead letters: events that failed in all attempts and await an operator",
      type: "gauge",
      read: queue(({ dead }) => dead),
    },
    {
      name: "shop_queue_takers",
      help: "Nodes that consume from the queue",
      type: "gauge",
      read: queue(({ consumerCount }) => consumerCount),
    },
  ];
}

async function readOutboxes(broker: ServiceBroker, publishing: ReadonlySet<string>): Promise<OutboxState[]> {
  const publishers = databasesOf(broker).filter(({ service }) => publishing.has(service));
  const now = Date.now();
  const read = publishers.map(async ({ service, database }) => {
    const [waiting, dead] = [await countInOutbox(database, "waiting"), await countInOutbox(database, "dead")];
    const oldestSeconds = waiting.oldestAt === undefined ? 0 : Math.max(0, now - waiting.oldestAt) / 1000;
    return { service, waiting: waiting.count, dead: dead.count, oldestSeconds };
  });
  const states = await Promise.allSettled(read);
  return states.flatMap((state) => (state.status === "fulfilled" ? [state.value] : []));
}
