import { jest } from "@jest/globals";
import { disk } from "../../mixins/database/write-ahead-log.ts";

/** The disk under the logs of SQLite files, as slow as a test wants it to be. */
export interface HeldDisk {
  /** How many syncs have begun. */
  readonly begun: number;
  /** From now on syncs begin and do not end. */
  hold(): void;
  /** Lets those end that have begun, well or not, and none of the later ones. */
  endThose(failure?: Error): Promise<void>;
  /** Ends all, and is a disk like any other. */
  release(): void;
}

export function heldDisk(): HeldDisk {
  const real = disk.sync;
  let waiting: ((failure?: Error) => void)[] = [];
  let [held, begun] = [false, 0];
  const endThose = (failure?: Error) => {
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
    async endThose(failure) {
      endThose(failure);
      await turns();
    },
    release() {
      held = false;
      endThose();
    },
  };
}

/** Enough for everything to happen that waits for nothing but its turn. */
export async function turns(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** @returns whether a promise has come to its end, which it does not show itself */
export function outcomeOf<T>(promise: Promise<T>): () => { value: T } | { error: unknown } | undefined {
  let outcome: { value: T } | { error: unknown } | undefined;
  promise.then(
    (value) => (outcome = { value }),
    (error: unknown) => (outcome = { error }),
  );
  return () => outcome;
}
