import type { ServiceBroker } from "moleculer";
import { collectDefaultMetrics, Registry } from "prom-client";
import { configOf } from "../config-of.ts";
import { messagesArrive } from "../health.ts";
import { isStopping } from "../life-cycle.ts";
import { Metrics, only } from "./metrics.ts";

/** How finely the lateness of the event loop is measured: the process wakes that often, in milliseconds. */
const loopPrecisionMs = 20;

/** Metrics that begin with those of the process: computing time, memory, garbage collection, event loop, files. */
export function processMetrics(): Metrics {
  const register = new Registry();
  collectDefaultMetrics({ register, eventLoopMonitoringPrecision: loopPrecisionMs });
  return new Metrics(register);
}

/** Adds what says which node it is. */
export function addNodeFamilies(metrics: Metrics, broker: ServiceBroker): void {
  const { nodeId, services, shape } = configOf(broker);
  metrics.add(
    {
      name: "shop_node_info",
      help: "Always 1; which node of the shop this is and what it runs",
      type: "gauge",
      read: () => [{ labels: { node: nodeId, services: services.join(","), shape }, value: 1 }],
    },
    {
      name: "shop_node_stopping",
      help: "1 from when the node has announced that it will stop",
      type: "gauge",
      read: () => only(Number(isStopping(broker))),
    },
    {
      name: "shop_messages_connected",
      help: "1 while the node is connected to RabbitMQ; missing in the embedded shape",
      type: "gauge",
      read: () => {
        const connected = messagesArrive(broker);
        return connected === undefined ? [] : only(Number(connected));
      },
    },
  );
}
