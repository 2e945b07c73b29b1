import type { Middleware, ServiceBroker } from "moleculer";
import moleculer from "moleculer";

const lookEveryMs = 2000;

/** A request that waits for its answer, as the framework keeps it. */
interface PendingRequest {
  readonly nodeID: string;
  readonly action: { readonly name: string };
  readonly ctx: { readonly options: { readonly timeout?: number | null }; readonly startHrTime?: [number, number] | null };
  readonly reject: (error: Error) => void;
}

/**
 * Ends requests whose time is up. The framework tells the caller, but goes on waiting for the answer itself: one that
 * was lost on the way is kept for ever, and holds up the stop of its node until that is cut off.
 */
export function overdueRequests(): Middleware {
  let timer: NodeJS.Timeout | undefined;
  return {
    name: "OverdueRequests",
    async started(broker: ServiceBroker) {
      const { transit } = broker as unknown as { transit?: { pendingRequests: Map<string, PendingRequest> } };
      if (transit) timer = setInterval(() => endOverdue(transit.pendingRequests), lookEveryMs).unref();
    },
    async stopped() {
      clearInterval(timer);
    },
  };
}

export function endOverdue(pending: Map<string, PendingRequest>): void {
  for (const [id, { ctx, action, nodeID, reject }] of pending) {
    const { timeout } = ctx.options;
    if (!timeout || !ctx.startHrTime) continue;
    const [seconds, nanoseconds] = process.hrtime(ctx.startHrTime);
    if (seconds * 1000 + nanoseconds / 1e6 <= timeout) continue;
    pending.delete(id);
    reject(new moleculer.Errors.RequestTimeoutError({ action: action.name, nodeID }));
  }
}
