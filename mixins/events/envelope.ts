import type { Actor } from "../contract/caller.ts";
import type { EventName, EventPayload } from "../contract/calls.ts";

/** A durable event as stored and sent. */
export interface EventEnvelope<N extends EventName = EventName> {
  /** UUIDv7; the inbox stores it to deduplicate redeliveries. */
  readonly id: string;
  readonly name: N;
  /** Time of the change, in milliseconds since 1970 (UTC). */
  readonly occurredAt: number;
  /** Originator of the change. */
  readonly actor: Actor;
  /** Id of the causing request, for correlation in logs. */
  readonly requestId: string;
  /** The causing span, if the request is traced (W3C Trace Context). */
  readonly traceparent?: string | undefined;
  readonly payload: EventPayload<N>;
}
