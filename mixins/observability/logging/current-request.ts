import { AsyncLocalStorage } from "node:async_hooks";
import { currentSpan, withSpan } from "../tracing/tracing.ts";

const current = new AsyncLocalStorage<string | undefined>();

/** Runs `work` in the context of a request, whose id all log lines carry. */
export function withRequestId<T>(requestId: string, work: () => T): T {
  return current.run(requestId, work);
}

/**
 * Runs `work` outside the current request and trace, for timers and other long-lived work that a request
 * happens to start.
 */
export function detached<T>(work: () => T): T {
  return current.run(undefined, () => withSpan(undefined, work));
}

/** Request and trace ids for a log line, as far as known. */
export function correlationIds(): { requestId?: string; traceId?: string } {
  const requestId = current.getStore();
  const traceId = currentSpan()?.traceId;
  return { ...(requestId === undefined ? {} : { requestId }), ...(traceId === undefined ? {} : { traceId }) };
}
