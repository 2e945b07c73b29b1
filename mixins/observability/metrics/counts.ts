import type { Sample } from "./metrics.ts";

/** A counter with one label of bounded cardinality, such as error codes. */
export class Counts<K extends string | number = string> {
  readonly #counts = new Map<K, { value: number }>();

  /** @param from values exported even at zero, so that their first increment is visible */
  constructor(from: readonly K[] = []) {
    for (const key of from) this.#counts.set(key, { value: 0 });
  }

  add(key: K, by = 1): void {
    const count = this.#counts.get(key);
    if (count) count.value += by;
    else this.#counts.set(key, { value: by });
  }

  samples(label: string, labels: Readonly<Record<string, string>> = {}): Sample[] {
    return [...this.#counts].map(([key, { value }]) => ({
      labels: { ...labels, [label]: String(key) },
      value,
    }));
  }
}
