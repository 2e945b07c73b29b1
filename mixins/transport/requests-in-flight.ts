import type { ActionEndpoint, ActionHandler, Context, Middleware, ServiceBroker } from "moleculer";

/** Of each broker: how many requests to each node, whatever they ask for, wait for an answer. */
const counts = new WeakMap<ServiceBroker, Map<string, number>>();

/** How many of this broker's requests to a node wait for their answers. */
export function requestsInFlight(broker: ServiceBroker, nodeID: string): number {
  return counts.get(broker)?.get(nodeID) ?? 0;
}

/** Counts requests to other nodes, by node. To be the innermost of those that wrap calls: what a cache answers is no request. */
export function countRequestsInFlight(): Middleware {
  const inFlight = new Map<string, number>();
  const add = (nodeID: string, change: 1 | -1) => {
    const count = (inFlight.get(nodeID) ?? 0) + change;
    if (count > 0) inFlight.set(nodeID, count);
    else inFlight.delete(nodeID);
  };
  return {
    name: "RequestsInFlight",
    created(broker: ServiceBroker) {
      counts.set(broker, inFlight);
    },
    remoteAction(next: ActionHandler): ActionHandler {
      return async function counted(this: unknown, ctx: Context & { endpoint?: ActionEndpoint | null }) {
        const nodeID = ctx.endpoint?.id ?? "";
        add(nodeID, 1);
        try {
          return await (next.call(this as never, ctx) as Promise<unknown>);
        } finally {
          add(nodeID, -1);
        }
      } as ActionHandler;
    },
  };
}
