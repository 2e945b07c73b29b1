import type { ServiceBroker } from "moleculer";
import type { Caller } from "../../mixins/contract/caller.ts";
import type { ViewHint } from "../../mixins/contract/views.ts";
import { maxViewsPerHint, viewed } from "../../mixins/contract/views.ts";

const intervalMs = 300;
/** Further views are lost: hints must not cost memory when nobody takes them. */
const maxPending = 10_000;

/**
 * Tells the service that keeps histories what signed-in users look at. A view costs its request a push to an
 * array; the views of an interval leave together, and may be lost.
 */
export class ViewHints {
  readonly #broker: ServiceBroker;
  readonly #pending: ViewHint[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(broker: ServiceBroker) {
    this.#broker = broker;
  }

  add(caller: Caller, result: unknown): void {
    const { id } = result as { readonly id?: unknown };
    if (caller.kind !== "user" || typeof id !== "string" || this.#pending.length >= maxPending) return;
    this.#pending.push({ userId: caller.userId, productId: id, at: Date.now() });
    this.#timer ??= setTimeout(() => this.flush(), intervalMs).unref();
  }

  /** Sends what is pending. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    while (this.#pending.length > 0) {
      const views = this.#pending.splice(0, maxViewsPerHint);
      this.#broker
        .emit(viewed, { views })
        .catch((error: unknown) => this.#broker.logger.debug("no hint of views was sent", error));
    }
  }
}
