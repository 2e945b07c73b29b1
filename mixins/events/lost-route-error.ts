import type { AmqpTopology } from "./amqp-topology.ts";

/**
 * A consumer's queue was deleted or recreated, and its messages are lost. The publisher must requeue the
 * events it sent there, then call `rebind`.
 */
export class LostRouteError extends Error {
  override name = "LostRouteError";
  readonly consumers: AmqpTopology["consumers"];

  constructor(consumers: AmqpTopology["consumers"]) {
    super(`RabbitMQ has lost the queues of ${consumers.map(({ service }) => service).join(" and ")}`);
    this.consumers = consumers;
  }
}
