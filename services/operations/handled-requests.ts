import type { ActionHandler, ActionSchema, Middleware, ServiceBroker } from "moleculer";

const counts = new WeakMap<ServiceBroker, { requests: number }>();

/** Counts actions of the shop that a node starts, without operators' calls and the framework's actions. */
export function requestCounter(): Middleware {
  const count = { requests: 0 };
  return {
    name: "RequestCounter",
    created(broker: ServiceBroker) {
      counts.set(broker, count);
    },
    localAction(next: ActionHandler, action: ActionSchema): ActionHandler {
      if (/^(?:\$|operations\.)/.test(action.name ?? "")) return next;
      return function counted(ctx) {
        count.requests += 1;
        return next.call(this, ctx);
      };
    },
  };
}

/** Number of actions started since the node's start. */
export function handledRequests(broker: ServiceBroker): number {
  return counts.get(broker)?.requests ?? 0;
}
