/**
 * @param backoffMs pauses after the first, second … failed attempt; the last one repeats
 * @returns pause after this many failed attempts, in milliseconds
 */
export function backoffFor(backoffMs: readonly number[], attempts: number): number {
  return backoffMs[Math.min(attempts, backoffMs.length) - 1] ?? 0;
}
