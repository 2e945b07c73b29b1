import type { Middleware, ServiceBroker } from "moleculer";
import type { ServiceContract } from "../../services/contract/contract.ts";
import { ActionMetrics } from "./action-metrics.ts";
import { cacheFamilies } from "./cache-metrics.ts";
import { databaseFamilies } from "./database-metrics.ts";
import { keepMetrics } from "./metrics.ts";
import { eventFamilies } from "./event-metrics.ts";
import { addNodeFamilies, processMetrics } from "./process-metrics.ts";

/** How a node measures itself. This file and what it needs is loaded only by nodes that do. */
export interface NodeMetrics {
  /** The first of the middlewares that the broker is made with. */
  readonly innermost: Middleware;
  /** To be called before services are created: they add what only they know. */
  readonly begin: (broker: ServiceBroker) => void;
}

/** @param contracts of the actions that are measured */
export function nodeMetrics(contracts: readonly ServiceContract[]): NodeMetrics {
  const actions = new ActionMetrics(contracts);
  const begin = (broker: ServiceBroker) => {
    const metrics = processMetrics();
    addNodeFamilies(metrics, broker);
    metrics.add(...actions.families(), ...cacheFamilies(broker), ...databaseFamilies(broker), ...eventFamilies(broker, contracts));
    keepMetrics(broker, metrics);
    broker.middlewares?.add(actions.outermost());
  };
  return { innermost: actions.innermost(), begin };
}
