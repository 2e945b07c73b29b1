import type { Middleware, ServiceBroker } from "moleculer";
import type { ServiceContract } from "../../contract/contract.ts";
import { ActionMetrics } from "./action-metrics.ts";
import { cacheFamilies } from "./cache-metrics.ts";
import { databaseFamilies } from "./database-metrics.ts";
import { setMetrics } from "./metrics.ts";
import { eventFamilies } from "./event-metrics.ts";
import { addNodeFamilies, processMetrics } from "./process-metrics.ts";

/** Metrics of a node. Loaded only by nodes with metrics enabled. */
export interface NodeMetrics {
  /** First in the broker's list of middlewares. */
  readonly innermost: Middleware;
  /** Called before services are created, because they add metrics of their own. */
  readonly start: (broker: ServiceBroker) => void;
}

/** @param contracts of the measured actions */
export function nodeMetrics(contracts: readonly ServiceContract[]): NodeMetrics {
  const actions = new ActionMetrics(contracts);
  const start = (broker: ServiceBroker) => {
    const metrics = processMetrics();
    addNodeFamilies(metrics, broker);
    metrics.add(
      ...actions.families(),
      ...cacheFamilies(broker),
      ...databaseFamilies(broker),
      ...eventFamilies(broker, contracts),
    );
    setMetrics(broker, metrics);
    broker.middlewares?.add(actions.outermost());
  };
  return { innermost: actions.innermost(), start };
}
