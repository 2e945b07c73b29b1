import type { EventEnvelope } from "./envelope.ts";

/** An event that could not be taken in after all its tries, set aside for a person to look at. */
export interface DeadLetter {
  readonly event: EventEnvelope;
  /** The service that could not take it in; null where it is not known which of several it was. */
  readonly consumer: string | null;
  readonly attempts: number;
  /** What went wrong the last time. */
  readonly error: string;
}
