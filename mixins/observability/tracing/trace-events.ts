import { AsyncLocalStorage } from "node:async_hooks";
import type { EventEnvelope } from "../../events/envelope.ts";
import { errorCode } from "../error-code.ts";
import type { Span } from "./tracing.ts";
import { startSpan, withSpan } from "./tracing.ts";

const spans = new AsyncLocalStorage<ReadonlyMap<string, Span>>();

/**
 * Records consumer spans in the traces of the requests that caused the events. Batched work belongs to the
 * span of the first event.
 */
export function traceEvents(
  service: string,
  events: readonly EventEnvelope[],
  consume: () => Promise<(Error | undefined)[]>,
): Promise<(Error | undefined)[]> {
  const opened = new Map<string, Span>();
  for (const { id, name, traceparent } of events) {
    const attributes = {
      "messaging.operation.name": "consume",
      "messaging.message.id": id,
      "shop.service": service,
    };
    const span =
      traceparent === undefined
        ? undefined
        : startSpan(`${service} consumes ${name}`, { kind: "consumer", parent: traceparent, attributes });
    if (span) opened.set(id, span);
  }
  return opened.size === 0 ? consume() : inSpans(events, opened, consume);
}

async function inSpans(
  events: readonly EventEnvelope[],
  opened: ReadonlyMap<string, Span>,
  consume: () => Promise<(Error | undefined)[]>,
): Promise<(Error | undefined)[]> {
  try {
    const outcomes = await spans.run(opened, consume);
    for (const [index, fault] of outcomes.entries())
      if (fault) opened.get(events[index]?.id ?? "")?.setError(errorCode(fault));
    return outcomes;
  } catch (error) {
    for (const span of opened.values()) span.setError(errorCode(error));
    throw error;
  } finally {
    for (const span of opened.values()) span.end();
  }
}

/** Runs `work` within the event's consumer span. */
export function inEventSpan<T>(event: EventEnvelope | undefined, work: () => T): T {
  const span = event && spans.getStore()?.get(event.id);
  return span ? withSpan(span, work) : work();
}
