import { backoffFor } from "../../../mixins/support/backoff.ts";

const second = 1000;
const hour = 3_600 * second;

/** Delays after the first, second … failed attempt; the last one repeats. */
const retryDelaysMs = [5 * second, 30 * second, 120 * second, 600 * second, hour] as const;

/** Time for which sending is retried, from when a delivery may first be sent. */
export const retriedForMs = 24 * hour;

/**
 * @param failures how many attempts failed, from 1
 * @returns time of the next attempt (ms since the Unix epoch); undefined after the delivery's end
 */
export function nextAttempt(failures: number, endsAt: number, now: number): number | undefined {
  const next = now + backoffFor(retryDelaysMs, failures);
  return next <= endsAt ? next : undefined;
}
