import { jest } from "@jest/globals";
import { disk } from "../../mixins/database/sqlite/wal-sync.ts";

/** The disk under SQLite's WAL, with a speed controlled by the test. */
export interface PausableDisk {
  /** Number of started syncs. */
  readonly begun: number;
  /** Blocks syncs from now on. */
  hold(): void;
  /** Ends the started syncs, with or without an error, but no later ones. */
  endPending(failure?: Error): Promise<void>;
  /** Ends all syncs and stops blocking. */
  release(): void;
}

export function pausableDisk(): PausableDisk {
  const real = disk.sync;
  let waiting: ((failure?: Error) => void)[] = [];
  let [held, begun] = [false, 0];
  const endPending = (failure?: Error) => {
    const those = waiting;
    waiting = [];
    for (const end of those) end(failure);
  };
  jest.spyOn(disk, "sync").mockImplementation(async (descriptor) => {
    begun += 1;
    if (!held) return real(descriptor);
    const failure = await new Promise<Error | undefined>((resolve) => waiting.push(resolve));
    if (failure) throw failure;
  });
  return {
    get begun() {
      return begun;
    },
    hold() {
      held = true;
    },
    async endPending(failure) {
      endPending(failure);
      await eventLoopTicks();
    },
    release() {
      held = false;
      endPending();
    },
  };
}

/** Runs pending event-loop work that waits for no I/O. */
export async function eventLoopTicks(): Promise<void> {
  for (let tick = 0; tick < 50; tick += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** @returns state of a promise */
export function outcomeOf<T>(promise: Promise<T>): () => { value: T } | { error: unknown } | undefined {
  let outcome: { value: T } | { error: unknown } | undefined;
  promise.then(
    (value) => (outcome = { value }),
    (error: unknown) => (outcome = { error }),
  );
  return () => outcome;
}
