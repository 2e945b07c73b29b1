/** Queries that count after a response: the pause is then the longest of regular ones. */
export const answeredQueries = 2;

const maxPauseMs = 300_000;
const maxDoublings = 10;

/**
 * Pause before the next query for an open payment, in milliseconds: a quarter of the regular pause at first, doubled
 * up to it, and further, up to five minutes, while the provider does not respond.
 *
 * @param queries those made since the start, or since the last response
 */
export function queryDelay(queries: number, regularPauseMs: number): number {
  const pause = (regularPauseMs / 4) * 2 ** Math.min(queries, maxDoublings);
  return Math.round(Math.min(Math.max(maxPauseMs, regularPauseMs), pause));
}

/** Pause before the next query for a payment that was closed while its link can still be paid, in milliseconds. */
export function watchDelay(ageMs: number, regularPauseMs: number): number {
  return Math.max(regularPauseMs, Math.round(ageMs / 4));
}
