import type { ViewHint } from "../../mixins/contract/views.ts";

const intervalMs = 1000;
const batch = 200;
/** Views that wait to be written; further ones are lost. */
const maxPending = 20_000;

/** Writes a batch. */
type Write = (views: readonly ViewHint[]) => Promise<void>;

/**
 * Collects views and writes those of an interval together, so that neither a product page nor this service
 * pays a transaction for each. A product that is looked at again meanwhile is written once. Views may be lost
 * with the node.
 */
export class ViewRecorder {
  readonly #write: Write;
  readonly #onFailure: (error: unknown) => void;
  readonly #pending = new Map<string, ViewHint>();
  #timer: NodeJS.Timeout | undefined;
  #flushing: Promise<void> = Promise.resolve();

  constructor(write: Write, onFailure: (error: unknown) => void) {
    this.#write = write;
    this.#onFailure = onFailure;
  }

  add(views: readonly ViewHint[]): void {
    for (const view of views) {
      const key = `${view.userId} ${view.productId}`;
      if (this.#pending.size >= maxPending && !this.#pending.has(key)) continue;
      if ((this.#pending.get(key)?.at ?? 0) < view.at) this.#pending.set(key, view);
    }
    this.#timer ??= setTimeout(() => void this.flush(), intervalMs).unref();
  }

  /** Writes what is pending; what is added meanwhile waits for the next time. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    // In a fixed order on all nodes: batches with the same rows do not deadlock.
    const views = [...this.#pending.entries()]
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([, view]) => view);
    this.#pending.clear();
    this.#flushing = this.#flushing.then(() => this.#writeAll(views));
    return this.#flushing;
  }

  async #writeAll(views: readonly ViewHint[]): Promise<void> {
    for (let from = 0; from < views.length; from += batch)
      await this.#write(views.slice(from, from + batch)).catch(this.#onFailure);
  }
}
