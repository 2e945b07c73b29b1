import { connect } from "amqplib";
import type { Config } from "../../../config/index.ts";
import { amqpTopology } from "../../../mixins/events/amqp-topology.ts";

/** What waits in one service's queues. */
export interface QueueDepth {
  readonly service: string;
  /** Not taken in yet, those that failed and wait for their next try included. */
  readonly waiting: number;
  readonly dead: number;
}

/** @returns undefined where events do not travel through RabbitMQ, or it does not answer */
export async function queueDepths({ amqpUrl, namespace, events }: Config): Promise<QueueDepth[] | undefined> {
  if (amqpUrl === undefined) return undefined;
  const connection = await connect(amqpUrl, { timeout: 5000 }).catch(() => undefined);
  if (!connection) return undefined;
  connection.on("error", () => undefined);
  try {
    const topology = amqpTopology(namespace, events.backoffMs);
    const depth = async (queue: string) => {
      // Asking for a queue that is not there closes the channel: each has its own.
      const channel = await connection.createChannel();
      channel.on("error", () => undefined);
      const asked = await channel.checkQueue(queue).catch(() => undefined);
      if (asked) await channel.close();
      return asked?.messageCount ?? 0;
    };
    const depths: QueueDepth[] = [];
    for (const { service } of topology.consumers) {
      let waiting = await depth(topology.queueOf(service));
      for (const step of events.backoffMs.keys()) waiting += await depth(topology.waitingQueueOf(service, step + 1));
      depths.push({ service, waiting, dead: await depth(topology.deadQueueOf(service)) });
    }
    return depths;
  } finally {
    await connection.close().catch(() => undefined);
  }
}
