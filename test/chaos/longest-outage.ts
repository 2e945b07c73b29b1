import type { Attempt } from "./history.ts";

/** Longest time with requests but without a success, in milliseconds. */
export function longestOutage(attempts: readonly Attempt[]): number {
  const inOrder = attempts
    .map(({ at, ms, problem }) => ({ at: at + ms, granted: problem === null }))
    .sort((a, b) => a.at - b.at);
  let longest = 0;
  let lastGranted = inOrder[0]?.at ?? 0;
  let refusedSince = false;
  for (const { at, granted } of inOrder) {
    if (!granted) refusedSince = true;
    else {
      if (refusedSince) longest = Math.max(longest, at - lastGranted);
      lastGranted = at;
      refusedSince = false;
    }
  }
  return refusedSince ? Math.max(longest, (inOrder.at(-1)?.at ?? 0) - lastGranted) : longest;
}
