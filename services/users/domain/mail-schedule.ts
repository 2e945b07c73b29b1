import { backoffFor } from "../../../mixins/support/backoff.ts";

const second = 1000;
const hour = 3_600 * second;

/** Delays after the first, second … failed attempt; the last one repeats. */
const retryDelaysMs = [5 * second, 30 * second, 120 * second, 600 * second, hour] as const;
const maxAgeMs = 24 * hour;

/**
 * Maximum number of mails of a kind per address and hour, against flooding through the shop. More are sent
 * only once no token of the earlier ones is valid, so that an attacker cannot withhold them from the owner.
 */
export const maxMailsPerHour = 5;
export const hourMs = hour;

/**
 * @returns time of the next attempt after the n-th failure (ms since the Unix epoch); undefined after the
 *   last one
 */
export function nextAttempt(failures: number, createdAt: number, now: number): number | undefined {
  if (now - createdAt > maxAgeMs) return undefined;
  return now + backoffFor(retryDelaysMs, failures);
}
