/** How long each kind of call took, in milliseconds. */
export class Latencies {
  readonly #byKind = new Map<string, number[]>();

  add(kind: string, milliseconds: number): void {
    const times = this.#byKind.get(kind);
    if (times) times.push(milliseconds);
    else this.#byKind.set(kind, [milliseconds]);
  }

  get count(): number {
    return this.#byKind.values().reduce((sum, times) => sum + times.length, 0);
  }

  /** The most frequent kinds first. */
  summaries(): LatencySummary[] {
    return [...this.#byKind]
      .map(([kind, times]) => {
        const sorted = Float64Array.from(times).sort();
        const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
        return { kind, count: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
      })
      .sort((a, b) => b.count - a.count);
  }
}

/** Percentiles by nearest rank, in milliseconds. */
export interface LatencySummary {
  readonly kind: string;
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}
