const atOnce = 8;

/** Processes items with limited concurrency. */
export async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    for (;;) {
      const index = next;
      next += 1;
      if (index >= items.length) return;
      await work(items[index] as T);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
