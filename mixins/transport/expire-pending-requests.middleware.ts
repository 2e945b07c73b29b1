import type { Middleware, ServiceBroker } from "moleculer";
import moleculer from "moleculer";

const sweepIntervalMs = 2000;

/** A pending request in Moleculer's transit. */
interface PendingRequest {
  readonly nodeID: string;
  readonly action: { readonly name: string };
  readonly ctx: {
    readonly options: { readonly timeout?: number | null };
    readonly startHrTime?: [number, number] | null;
  };
  readonly reject: (error: Error) => void;
}

/**
 * Moleculer times out the caller but keeps the entry in `transit.pendingRequests`. A lost reply leaks it and
 * blocks shutdown; sweep every 2 s.
 */
export function expirePendingRequests(): Middleware {
  let timer: NodeJS.Timeout | undefined;
  return {
    name: "ExpirePendingRequests",
    async started(broker: ServiceBroker) {
      const { transit } = broker as unknown as { transit?: { pendingRequests: Map<string, PendingRequest> } };
      if (transit) timer = setInterval(() => rejectExpired(transit.pendingRequests), sweepIntervalMs).unref();
    },
    async stopped() {
      clearInterval(timer);
    },
  };
}

export function rejectExpired(pending: Map<string, PendingRequest>): void {
  for (const [id, { ctx, action, nodeID, reject }] of pending) {
    const { timeout } = ctx.options;
    if (!timeout || !ctx.startHrTime) continue;
    const [seconds, nanoseconds] = process.hrtime(ctx.startHrTime);
    if (seconds * 1000 + nanoseconds / 1e6 <= timeout) continue;
    pending.delete(id);
    reject(new moleculer.Errors.RequestTimeoutError({ action: action.name, nodeID }));
  }
}
