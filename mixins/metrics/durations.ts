import type { Sample } from "./metrics.ts";

const milliseconds = [1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000] as const;
/** Longer ones, for what may wait for servers that are away. */
const longMilliseconds = [10, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 300_000, 3_600_000] as const;

/** How long things took, as a histogram. Noting a duration makes no object. */
export class Durations {
  readonly #bounds: readonly number[];
  readonly #counts: Float64Array;
  #sumMs = 0;

  private constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = new Float64Array(bounds.length + 1);
  }

  /** For what someone waits for: 1 ms to 10 s. */
  static ofWork(): Durations {
    return new Durations(milliseconds);
  }

  /** For what happens afterwards: 10 ms to an hour. */
  static ofDelays(): Durations {
    return new Durations(longMilliseconds);
  }

  note(ms: number): void {
    let index = 0;
    while (index < this.#bounds.length && ms > (this.#bounds[index] ?? 0)) index += 1;
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    this.#sumMs += ms;
  }

  /** Notes what surely took less than the first bound, without asking a clock. */
  noteInstant(): void {
    this.#counts[0] = (this.#counts[0] ?? 0) + 1;
  }

  /** Whether anything was noted. */
  get isUsed(): boolean {
    return this.#counts.some((count) => count > 0);
  }

  /** @param name of the family */
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
