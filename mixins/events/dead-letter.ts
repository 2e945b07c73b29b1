import type { EventEnvelope } from "./envelope.ts";

/** An event that failed in all attempts and awaits an operator. */
export interface DeadLetter {
  /** Key for showing, replaying and removing it: the event's id, if the message is an event. */
  readonly id: string;
  readonly event: EventEnvelope;
  /** The failing service; null when it could be one of several. */
  readonly consumer: string | null;
  readonly attempts: number;
  /** The last error. */
  readonly error: string;
}
