import { setTimeout as sleep } from "node:timers/promises";
import type { Middleware, ServiceBroker } from "moleculer";
import type { Config } from "../../config/index.ts";
import type { ServiceContract } from "../../services/contract/contract.ts";
import { otlpTracer } from "./otlp-tracer.ts";
import { sendTraces, traceActions } from "./trace-actions.ts";
import { traceNoMore, traceWith } from "./tracing.ts";

/** A node that stops waits no longer for a collector that does not answer. */
const flushWithinMs = 2000;

/** How a node traces. This file and what it needs is loaded only by nodes that do. */
export interface NodeTracing {
  /** To be among the middlewares that the broker is made with. */
  readonly middleware: Middleware;
  /** To be called before services are created. */
  readonly begin: (broker: ServiceBroker) => void;
}

/** @param url of the collector */
export function nodeTracing(config: Config, url: string, contracts: readonly ServiceContract[]): NodeTracing {
  const tracer = otlpTracer(config, url);
  traceWith(tracer);
  const middleware: Middleware = {
    ...sendTraces(),
    async stopped() {
      traceNoMore(tracer);
      await Promise.race([tracer.close(), sleep(flushWithinMs, undefined, { ref: false })]);
    },
  };
  return { middleware, begin: (broker) => broker.middlewares?.add(traceActions(contracts)) };
}
