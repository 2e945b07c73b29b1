import type { ActionEndpoint, ActionHandler, Context, Middleware, ServiceBroker } from "moleculer";

/** By broker: number of outstanding requests per node. */
const counts = new WeakMap<ServiceBroker, Map<string, number>>();

/** Number of this broker's outstanding requests to a node. */
export function outstandingRequests(broker: ServiceBroker, nodeID: string): number {
  return counts.get(broker)?.get(nodeID) ?? 0;
}

/**
 * Counts outstanding requests by node. Innermost of the call middlewares, so that cache hits do not count.
 */
export function countOutstandingRequests(): Middleware {
  const outstanding = new Map<string, number>();
  const add = (nodeID: string, change: 1 | -1) => {
    const count = (outstanding.get(nodeID) ?? 0) + change;
    if (count > 0) outstanding.set(nodeID, count);
    else outstanding.delete(nodeID);
  };
  return {
    name: "OutstandingRequests",
    created(broker: ServiceBroker) {
      counts.set(broker, outstanding);
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
