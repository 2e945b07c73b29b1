/**
 * Options of an LRU cache for so many entries that takes up memory as they come. With its own `max` it sets aside what
 * all of them need, 30 bytes each, even where nobody ever comes.
 */
export function atMost(entries: number) {
  return { maxSize: entries, sizeCalculation: () => 1 };
}
