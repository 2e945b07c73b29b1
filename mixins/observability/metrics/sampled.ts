/** Minimum interval between readings, over all scrapes and families. */
const maxAgeMs = 1000;

/** A shared reading: taken on demand, reused within the interval, never concurrent. */
export function sampled<T>(read: () => Promise<T>): () => Promise<T> {
  let cached: Promise<T> | undefined;
  let isReading = false;
  let readAt = 0;
  return () => {
    const now = performance.now();
    if (cached && (isReading || now - readAt < maxAgeMs)) return cached;
    readAt = now;
    isReading = true;
    cached = read().finally(() => {
      isReading = false;
    });
    return cached;
  };
}
