import type { Sample } from "./metrics.ts";

const latencyBoundsMs = [1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000] as const;
/** For work that may wait for unavailable servers. */
const delayBoundsMs = [
  10, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 300_000, 3_600_000,
] as const;

/** A histogram of durations. Recording allocates nothing. */
export class DurationHistogram {
  readonly #bounds: readonly number[];
  readonly #counts: Float64Array;
  #sumMs = 0;

  private constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = new Float64Array(bounds.length + 1);
  }

  /** For synchronous work: 1 ms to 10 s. */
  static forLatency(): DurationHistogram {
    return new DurationHistogram(latencyBoundsMs);
  }

  /** For asynchronous work: 10 ms to 1 h. */
  static forDelays(): DurationHistogram {
    return new DurationHistogram(delayBoundsMs);
  }

  record(ms: number): void {
    let index = 0;
    while (index < this.#bounds.length && ms > (this.#bounds[index] ?? 0)) index += 1;
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    this.#sumMs += ms;
  }

  /** Records a duration below the first bound without reading a clock. */
  recordInstant(): void {
    this.#counts[0] = (this.#counts[0] ?? 0) + 1;
  }

  /** Whether anything was recorded. */
  get hasSamples(): boolean {
    return this.#counts.some((count) => count > 0);
  }

  /** @param name of the metric family */
  samples(name: string, labels: Readonly<Record<string, string>>): Sample[] {
    let count = 0;
    const buckets = [...this.#bounds, Infinity].map((bound, index) => {
      count += this.#counts[index] ?? 0;
      const le = bound === Infinity ? "+Inf" : String(bound / 1000);
      return { metricName: `${name}_bucket`, labels: { ...labels, le }, value: count };
    });
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels, value: this.#sumMs / 1000 },
      { metricName: `${name}_count`, labels, value: count },
    ];
  }
}
