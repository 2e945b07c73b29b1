const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** Pauses after the first, second … failed attempt: ten attempts within some three days. */
export const retryDelaysMs: readonly number[] = [
  5 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  24 * hour,
];

/** Share by which a pause is longer or shorter, so that deliveries that failed together do not return together. */
const jitter = 0.2;

/**
 * Time of the next attempt (ms since the Unix epoch).
 *
 * @param failures attempts that failed so far, this one included
 * @param random in [0, 1)
 * @returns undefined when the delivery is given up
 */
export function nextAttemptAt(
  failures: number,
  now: number,
  random: number,
  delaysMs: readonly number[] = retryDelaysMs,
): number | undefined {
  const delay = delaysMs[failures - 1];
  return delay === undefined ? undefined : now + Math.round(delay * (1 - jitter + 2 * jitter * random));
}
