/** Saved payment methods and pending setups of a customer. */
export const methodsPerCustomer = 20;

/** Setups that a customer may start in a day: each can test a stolen card at the provider. */
export const setupsPerDay = 30;

/** A setup not finished within this time expires (ms). */
export const setupLifeMs = 24 * 3_600_000;

const minQueryDelayMs = 60_000;
const maxQueryDelayMs = 3_600_000;

/** Pause before the next query for a setup whose notice may be lost, in milliseconds. */
export function queryDelay(attempts: number): number {
  return Math.min(maxQueryDelayMs, minQueryDelayMs * 2 ** Math.min(attempts, 10));
}
