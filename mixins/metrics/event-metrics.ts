import type { ServiceBroker } from "moleculer";
import type { ServiceContract } from "../../services/contract/contract.ts";
import { countInOutbox } from "../events/outbox-table.ts";
import { eventTransport } from "../events/event-transport.ts";
import type { QueueDepth } from "../events/transport.ts";
import { databasesOf } from "./database-metrics.ts";
import type { Family } from "./metrics.ts";
import { sampled } from "./sampled.ts";

interface OutboxState {
  readonly service: string;
  readonly waiting: number;
  readonly dead: number;
  readonly oldestSeconds: number;
}

/** What is on its way: the outboxes of this node's services, and the queues, about which every node with data tells the same. */
export function eventFamilies(broker: ServiceBroker, contracts: readonly ServiceContract[]): Family[] {
  const publishing = new Set(contracts.filter(({ events }) => Object.keys(events).length > 0).map(({ name }) => name));
  const outboxes = sampled(() => readOutboxes(broker, publishing));
  const depths = sampled(async () => (databasesOf(broker).length > 0 ? eventTransport(broker).depths() : []));
  const outbox = (valueOf: (state: OutboxState) => number) => async () =>
    (await outboxes()).map((state) => ({ labels: { service: state.service }, value: valueOf(state) }));
  const queue = (valueOf: (depth: QueueDepth) => number) => async () =>
    (await depths()).map((depth) => ({ labels: { consumer: depth.consumer }, value: valueOf(depth) }));
  return [
    {
      name: "shop_outbox_waiting",
      help: "Events that were committed and are not handed over; more than 10 000 are told as 10 000",
      type: "gauge",
      read: outbox(({ waiting }) => waiting),
    },
    {
      name: "shop_outbox_oldest_age_seconds",
      help: "How long the one that has waited longest among them has; 0 when there is none",
      type: "gauge",
      read: outbox(({ oldestSeconds }) => oldestSeconds),
    },
    {
      name: "shop_outbox_dead",
      help: "Events that were set aside in an outbox because they could not be handed over",
      type: "gauge",
      read: outbox(({ dead }) => dead),
    },
    {
      name: "shop_queue_events",
      help: "Events in RabbitMQ that no node has taken yet",
      type: "gauge",
      read: queue(({ queued }) => queued),
    },
    {
      name: "shop_queue_retrying_events",
      help: "Events that a consumer has failed at and that come back to it later",
      type: "gauge",
      read: queue(({ retrying }) => retrying),
    },
    {
      name: "shop_queue_dead_events",
      help: "Dead letters: events that a consumer has failed at every time, which wait for a person",
      type: "gauge",
      read: queue(({ dead }) => dead),
    },
    {
      name: "shop_queue_takers",
      help: "Nodes that take events from the consumer's queue",
      type: "gauge",
      read: queue(({ takers }) => takers),
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
