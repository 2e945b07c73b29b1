/** What becomes of an event that cannot be delivered or taken in. */
export interface EventSettings {
  /** After so many failed tries it is set aside for a person to look at. */
  readonly attempts: number;
  /** The pauses after the first, second … of them in milliseconds; the last for all further ones. */
  readonly backoffMs: readonly number[];
}

/** How long to wait after so many failed tries, in milliseconds. */
export function backoffFor(backoffMs: readonly number[], attempts: number): number {
  return backoffMs[Math.min(attempts, backoffMs.length) - 1] ?? 0;
}
