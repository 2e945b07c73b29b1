/** Results of a period's requests. Times are milliseconds. */
export interface Figures {
  readonly title: string;
  readonly kinds: Readonly<Record<string, KindFigures>>;
  /** Longest time without a success. */
  readonly longestGapMs: number;
}

export interface KindFigures {
  readonly requests: number;
  readonly failures: Readonly<Record<string, number>>;
  readonly slowestMs: number;
}

interface Counts {
  requests: number;
  failures: Record<string, number>;
  slowestMs: number;
}

/** Counts requests by kind, from one period to the next. */
export class RequestStatistics {
  #kinds: Record<string, Counts> = {};
  #lastSuccess = performance.now();
  #longestGapMs = 0;

  /** @param failure its kind; undefined for a success */
  count(kind: string, tookMs: number, failure: string | undefined): void {
    const counts = (this.#kinds[kind] ??= { requests: 0, failures: {}, slowestMs: 0 });
    counts.requests += 1;
    counts.slowestMs = Math.max(counts.slowestMs, tookMs);
    if (failure !== undefined) {
      counts.failures[failure] = (counts.failures[failure] ?? 0) + 1;
      return;
    }
    const now = performance.now();
    this.#longestGapMs = Math.max(this.#longestGapMs, now - this.#lastSuccess);
    this.#lastSuccess = now;
  }

  /** The figures since the last call. */
  take(title: string): Figures {
    const figures = { title, kinds: this.#kinds, longestGapMs: this.#longestGapMs };
    this.#kinds = {};
    this.#longestGapMs = 0;
    this.#lastSuccess = performance.now();
    return figures;
  }
}

/** Failures of a kind, for any reason. */
export function failuresOf(figures: Figures, kind: string): number {
  return Object.values(figures.kinds[kind]?.failures ?? {}).reduce((sum, count) => sum + count, 0);
}
