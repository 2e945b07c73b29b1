import { setTimeout as sleep } from "node:timers/promises";
import type { Middleware, ServiceBroker } from "moleculer";
import type { Config } from "../../../config/index.ts";
import type { ServiceContract } from "../../contract/contract.ts";
import { otlpTracer } from "./otlp-tracer.ts";
import { propagateTraces, traceActions } from "./trace-actions.ts";
import { removeTracer, installTracer } from "./tracing.ts";

/** Upper bound of the final flush to the collector on shutdown. */
const flushTimeoutMs = 2000;

/** Tracing of a node. Loaded only by nodes with tracing enabled. */
export interface NodeTracing {
  /** One of the broker's middlewares. */
  readonly middleware: Middleware;
  /** Called before services are created. */
  readonly start: (broker: ServiceBroker) => void;
}

/** @param url of the OTLP collector */
export function nodeTracing(config: Config, url: string, contracts: readonly ServiceContract[]): NodeTracing {
  const tracer = otlpTracer(config, url);
  installTracer(tracer);
  const middleware: Middleware = {
    ...propagateTraces(),
    async stopped() {
      removeTracer(tracer);
      await Promise.race([tracer.close(), sleep(flushTimeoutMs, undefined, { ref: false })]);
    },
  };
  return { middleware, start: (broker) => broker.middlewares?.add(traceActions(contracts)) };
}
