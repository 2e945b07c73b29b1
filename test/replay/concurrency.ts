/** Limits concurrency; further work queues. */
export function limiter(atOnce: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}

/** Processes all items with limited concurrency; the first failure stops it, after running work has ended. */
export async function forEachOf<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  await inLanes(items, atOnce, (item) => item, work);
}

/**
 * Processes items in order with limited concurrency, and one at a time per lane, while other lanes proceed.
 *
 * @throws the first error of `work`, after running work has ended
 */
export async function inLanes<T>(
  items: readonly T[],
  atOnce: number,
  laneOf: (item: T) => unknown,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const busy = new Set<unknown>();
  const running = new Set<Promise<void>>();
  const waiting: T[] = [];
  const upcoming = items.values();

  const take = (): { item: T } | undefined => {
    const index = waiting.findIndex((item) => !busy.has(laneOf(item)));
    const [first] = index === -1 ? [] : waiting.splice(index, 1).map((item) => ({ item }));
    if (first) return first;
    for (let next = upcoming.next(); !next.done; next = upcoming.next()) {
      if (!busy.has(laneOf(next.value))) return { item: next.value };
      waiting.push(next.value);
    }
    return undefined;
  };
  const start = (item: T): void => {
    const lane = laneOf(item);
    busy.add(lane);
    const task = work(item).finally(() => {
      busy.delete(lane);
      running.delete(task);
    });
    running.add(task);
  };

  for (;;) {
    const taken = running.size < atOnce ? take() : undefined;
    if (taken) start(taken.item);
    else if (running.size === 0) return;
    else
      await Promise.race(running).catch(async (error: unknown) => {
        await Promise.allSettled(running);
        throw error;
      });
  }
}
