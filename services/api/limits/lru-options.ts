/**
 * LRU cache options bounded to `entries` by size. The cache's own `max` preallocates 30 bytes per entry, even
 * in an idle process.
 */
export function lruOptions(entries: number) {
  return { maxSize: entries, sizeCalculation: () => 1 };
}
