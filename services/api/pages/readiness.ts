/** Maximum age of a cached check, in milliseconds. */
const maxAgeMs = 1000;

interface Source<T> {
  readonly check: () => Promise<T>;
  readonly isStopping: () => boolean;
  readonly now?: () => number;
}

/**
 * Readiness with a single-flight check cached for one second, so a flood of probes does not reach the
 * databases. A stopping node reports itself without delay.
 */
export function cachedReadiness<T>({
  check,
  isStopping,
  now = () => performance.now(),
}: Source<T>): () => Promise<T> {
  let cached: { readonly result: Promise<T>; readonly stopping: boolean; until: number } | undefined;
  return () => {
    if (cached && now() < cached.until && cached.stopping === isStopping()) return cached.result;
    const pending = { result: check(), stopping: isStopping(), until: Number.POSITIVE_INFINITY };
    cached = pending;
    pending.result.then(
      () => (pending.until = now() + maxAgeMs),
      () => (pending.until = 0),
    );
    return pending.result;
  };
}
