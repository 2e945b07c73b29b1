import type { ServiceBroker } from "moleculer";
import { configOf, contractsOf } from "../service/config-of.ts";
import { AmqpTransport } from "./amqp-transport.ts";
import { amqpTopology } from "./amqp-topology.ts";
import { InProcessTransport } from "./in-process-transport.ts";
import type { EventTransport } from "./transport-interface.ts";

const transports = new WeakMap<ServiceBroker, EventTransport>();

/** The transport that all services of this node share: in-process, or RabbitMQ in the cluster shape. */
export function eventTransport(broker: ServiceBroker): EventTransport {
  const known = transports.get(broker);
  if (known) return known;
  const { amqpUrl, namespace, events } = configOf(broker);
  const made = amqpUrl
    ? new AmqpTransport(
        amqpUrl,
        amqpTopology(contractsOf(broker), namespace, events.backoffMs),
        events.attempts,
        broker.getLogger("events"),
      )
    : new InProcessTransport();
  transports.set(broker, made);
  return made;
}

/** Whether no event is under way. Looks twice: an event may cause another one in a service looked at before. */
export async function isQuiet(broker: ServiceBroker): Promise<boolean> {
  const transport = eventTransport(broker);
  return (await transport.backlog()) === 0 && (await transport.backlog()) === 0;
}

/** Closes the node's transport once its services have stopped. */
export async function closeEventTransport(broker: ServiceBroker): Promise<void> {
  await transports.get(broker)?.close();
  transports.delete(broker);
}
