import { withReadPreference } from "../../../mixins/database/read-preference.ts";

/** As for other public data: a change of which this node does not hear takes effect within this time. */
const maxAgeMs = 1000;

/**
 * Data of the catalogue that is small and often read, kept in memory. Loaded anew after each change of the
 * catalogue that this node hears of, by one load for all who wait.
 */
export class Snapshot<T> {
  readonly #load: () => Promise<T>;
  readonly #version: () => string;
  #kept: { readonly version: string; readonly until: number; readonly loading: Promise<T> } | undefined;

  /** @param version changes with every change of the catalogue */
  constructor(load: () => Promise<T>, version: () => string) {
    this.#load = () => withReadPreference("primary", load);
    this.#version = version;
  }

  get(): Promise<T> {
    const version = this.#version();
    const now = Date.now();
    if (this.#kept?.version === version && now < this.#kept.until) return this.#kept.loading;
    const loading = this.#load();
    const kept = { version, until: now + maxAgeMs, loading };
    this.#kept = kept;
    loading.catch(() => {
      if (this.#kept === kept) this.#kept = undefined;
    });
    return loading;
  }
}
