/** However many ask, and however many families are made of it, a server is asked no more often than this. */
const keptMs = 1000;

/** Makes a reading that many can share: it is read when it is wanted, anew when it has become old, never twice at once. */
export function sampled<T>(read: () => Promise<T>): () => Promise<T> {
  let kept: Promise<T> | undefined;
  let underWay = false;
  let readAt = 0;
  return () => {
    const now = performance.now();
    if (kept && (underWay || now - readAt < keptMs)) return kept;
    readAt = now;
    underWay = true;
    kept = read().finally(() => {
      underWay = false;
    });
    return kept;
  };
}
