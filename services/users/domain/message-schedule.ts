import { backoffFor } from "../../../mixins/support/backoff.ts";

const second = 1000;

/** Delays after the first, second … failed attempt; the last one repeats. */
const retryDelaysMs = [2 * second, 5 * second, 15 * second, 30 * second] as const;

/** @returns time of the next attempt after the n-th failure (ms since the Unix epoch); undefined after its code's end */
export function nextMessageAttempt(failures: number, expiresAt: number, now: number): number | undefined {
  const next = now + backoffFor(retryDelaysMs, failures);
  return next < expiresAt ? next : undefined;
}
