import { AsyncLocalStorage } from "node:async_hooks";
import { currentSpan, within } from "../tracing/tracing.ts";

const current = new AsyncLocalStorage<string | undefined>();

/** Runs `work` for a request: what is logged meanwhile, wherever, names it. */
export function inRequest<T>(requestId: string, work: () => T): T {
  return current.run(requestId, work);
}

/**
 * Runs `work` for nobody's request. What goes on by itself for long, such as a timer, belongs to none, though it was a
 * request that happened to set it off.
 */
export function apart<T>(work: () => T): T {
  return current.run(undefined, () => within(undefined, work));
}

/** The ids that each line of the log has: of the request and of its trace, as far as there are such. */
export function currentIds(): { requestId?: string; traceId?: string } {
  const requestId = current.getStore();
  const traceId = currentSpan()?.traceId;
  return { ...(requestId === undefined ? {} : { requestId }), ...(traceId === undefined ? {} : { traceId }) };
}
