import { connect } from "amqplib";
import type { Config } from "../../../config/index.ts";
import type { ServiceContract } from "../../../mixins/contract/contract.ts";
import { amqpTopology } from "../../../mixins/events/amqp-topology.ts";

/** Number of messages in one service's queues. */
export interface QueueDepth {
  readonly service: string;
  /** Not consumed yet, including those that await a retry. */
  readonly waiting: number;
  readonly dead: number;
}

/** @returns undefined without RabbitMQ, or when it does not respond */
export async function queueDepths(
  { amqpUrl, namespace, events }: Config,
  contracts: readonly ServiceContract[],
): Promise<QueueDepth[] | undefined> {
  if (amqpUrl === undefined) return undefined;
  const connection = await connect(amqpUrl, { timeout: 5000 }).catch(() => undefined);
  if (!connection) return undefined;
  connection.on("error", () => undefined);
  try {
    const topology = amqpTopology(contracts, namespace, events.backoffMs);
    const depth = async (queue: string) => {
      // Checking a missing queue closes the channel, so each check opens its own.
      const channel = await connection.createChannel();
      channel.on("error", () => undefined);
      const state = await channel.checkQueue(queue).catch(() => undefined);
      if (state) await channel.close();
      return state?.messageCount ?? 0;
    };
    const depths: QueueDepth[] = [];
    for (const { service } of topology.consumers) {
      let waiting = await depth(topology.queueOf(service));
      for (const step of events.backoffMs.keys())
        waiting += await depth(topology.retryQueueOf(service, step + 1));
      depths.push({ service, waiting, dead: await depth(topology.deadQueueOf(service)) });
    }
    return depths;
  } finally {
    await connection.close().catch(() => undefined);
  }
}
