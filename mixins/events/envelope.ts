import type { Actor } from "../../services/contract/caller.ts";
import type { EventName, EventPayload } from "../../services/contract/calls.ts";

/** A durable event as it is stored and sent. */
export interface EventEnvelope<N extends EventName = EventName> {
  /** UUIDv7; consumers remember it, so that a repeated delivery has no second effect. */
  readonly id: string;
  readonly name: N;
  /** Milliseconds since 1970, UTC, when the change was made. */
  readonly occurredAt: number;
  /** Who caused it. */
  readonly actor: Actor;
  /** The request that caused it, for following it through logs. */
  readonly requestId: string;
  /** The step of a trace that caused it, where requests are traced (W3C Trace Context). */
  readonly traceparent?: string | undefined;
  readonly payload: EventPayload<N>;
}
