import type { Sample } from "./metrics.ts";

/** Counts by one label whose values are few and known to the code, such as error codes. */
export class Counts<K extends string | number = string> {
  readonly #counts = new Map<K, { value: number }>();

  /** @param from the values that are told also while they are 0, so that their first rise shows */
  constructor(from: readonly K[] = []) {
    for (const key of from) this.#counts.set(key, { value: 0 });
  }

  add(key: K, by = 1): void {
    const count = this.#counts.get(key);
    if (count) count.value += by;
    else this.#counts.set(key, { value: by });
  }

  samples(label: string, labels: Readonly<Record<string, string>> = {}): Sample[] {
    return [...this.#counts].map(([key, { value }]) => ({ labels: { ...labels, [label]: String(key) }, value }));
  }
}
