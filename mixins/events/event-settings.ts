/** Retries of events that cannot be delivered or consumed. */
export interface EventSettings {
  /** Failed attempts before an event becomes a dead letter. */
  readonly attempts: number;
  /** Pauses after the first, second … failed attempt, in milliseconds; the last for all further ones. */
  readonly backoffMs: readonly number[];
}
