import { AsyncLocalStorage } from "node:async_hooks";
import type { EventEnvelope } from "../events/envelope.ts";
import { errorCode } from "../error-code.ts";
import type { Span } from "./tracing.ts";
import { beginSpan, within } from "./tracing.ts";

const spans = new AsyncLocalStorage<ReadonlyMap<string, Span>>();

/**
 * Takes events in as steps of the requests that caused them, each in its own trace. What is done for many at once is
 * shown with the first.
 */
export function traceEvents(
  service: string,
  events: readonly EventEnvelope[],
  takeIn: () => Promise<(Error | undefined)[]>,
): Promise<(Error | undefined)[]> {
  const opened = new Map<string, Span>();
  for (const { id, name, traceparent } of events) {
    const attributes = { "messaging.operation.name": "consume", "messaging.message.id": id, "shop.service": service };
    const span = traceparent === undefined ? undefined : beginSpan(`${service} takes in ${name}`, { kind: "consumer", parent: traceparent, attributes });
    if (span) opened.set(id, span);
  }
  return opened.size === 0 ? takeIn() : inSteps(events, opened, takeIn);
}

async function inSteps(
  events: readonly EventEnvelope[],
  opened: ReadonlyMap<string, Span>,
  takeIn: () => Promise<(Error | undefined)[]>,
): Promise<(Error | undefined)[]> {
  try {
    const outcomes = await spans.run(opened, takeIn);
    for (const [index, fault] of outcomes.entries()) if (fault) opened.get(events[index]?.id ?? "")?.fail(errorCode(fault));
    return outcomes;
  } catch (error) {
    for (const span of opened.values()) span.fail(errorCode(error));
    throw error;
  } finally {
    for (const span of opened.values()) span.end();
  }
}

/** Does what an event asks for within its step. */
export function inEventSpan<T>(event: EventEnvelope | undefined, work: () => T): T {
  const span = event && spans.getStore()?.get(event.id);
  return span ? within(span, work) : work();
}
