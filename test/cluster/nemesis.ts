import { setTimeout as sleep } from "node:timers/promises";

/** Seeded pseudo-random numbers in [0, 1) (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface Misfortune {
  readonly kind: string;
  /** Resolves when the fault has happened; its target recovers by itself. */
  readonly strike: () => Promise<void>;
}

export interface NemesisOptions {
  readonly random: () => number;
  /** Maximum pause between two faults. */
  readonly longestPauseMs: number;
  readonly tell: (line: string) => void;
}

/** Injects all faults, one by one, in random order and at random times. */
export async function unleash(misfortunes: readonly Misfortune[], options: NemesisOptions): Promise<void> {
  const { random, longestPauseMs, tell } = options;
  const left = [...misfortunes];
  while (left.length > 0) {
    await sleep(random() * longestPauseMs);
    const [next] = left.splice(Math.floor(random() * left.length), 1);
    tell(`kill -9 ${next?.kind}`);
    await next?.strike();
  }
}
