import type { ServiceBroker } from "moleculer";
import { collectDefaultMetrics, Registry } from "prom-client";
import { configOf } from "../../service/config-of.ts";
import { isMessagingConnected, isMessagingBlocked } from "../../service/health.ts";
import { isDraining } from "../../service/lifecycle.ts";
import { Metrics, unlabelled } from "./metrics.ts";

/** Sampling interval of the event-loop lag, in milliseconds. */
const eventLoopPrecisionMs = 20;

/** Metrics of the process: CPU, memory, garbage collection, event loop, files. */
export function processMetrics(): Metrics {
  const register = new Registry();
  collectDefaultMetrics({ register, eventLoopMonitoringPrecision: eventLoopPrecisionMs });
  return new Metrics(register);
}

/** Adds metrics that identify the node and its state. */
export function addNodeFamilies(metrics: Metrics, broker: ServiceBroker): void {
  const { nodeId, services, shape } = configOf(broker);
  metrics.add(
    {
      name: "shop_node_info",
      help: "Always 1; identifies the node and its services",
      type: "gauge",
      read: () => [{ labels: { node: nodeId, services: services.join(","), shape }, value: 1 }],
    },
    {
      name: "shop_node_stopping",
      help: "1 while the node is draining or stopping",
      type: "gauge",
      read: () => unlabelled(Number(isDraining(broker))),
    },
    {
      name: "shop_messages_connected",
      help: "1 while messages reach other nodes, over RabbitMQ or the Redis fallback; missing in the embedded shape",
      type: "gauge",
      read: () => {
        const connected = isMessagingConnected(broker);
        return connected === undefined ? [] : unlabelled(Number(connected));
      },
    },
    {
      name: "shop_messages_blocked",
      help: "1 while RabbitMQ blocks the node's messages (memory or disk alarm); missing in the embedded shape",
      type: "gauge",
      read: () =>
        isMessagingConnected(broker) === undefined ? [] : unlabelled(Number(isMessagingBlocked(broker))),
    },
  );
}
