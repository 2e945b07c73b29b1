import { setTimeout as pause } from "node:timers/promises";
import { newId } from "../../mixins/contract/ids.ts";
import { until } from "./processes.ts";
import type { ClusterUnderTest, RequestOptions } from "./proof.ts";

const address = {
  name: 'Ada O\'Brien \\ "Ä"',
  line1: "1 Mill Lane",
  city: "London",
  postalCode: "N1 1AA",
  country: "GB",
};
const betweenTriesMs = 50;
const worthAnotherTry = new Set([
  "idempotency-in-flight",
  "unavailable",
  "deadline-exceeded",
  "too-many-requests",
]);
/** Ordered items leave the cart with an event, perhaps after the next quote. */
const refusedFairly = ["price-changed", "cart-empty"];

/** A confirmed order with the times of its first request and of its confirmation. */
export interface ConfirmedOrder {
  readonly id: string;
  readonly askedAt: number;
  readonly answeredAt: number;
}

/** Customers who buy continuously; each retries with the same key until an order is confirmed. */
export class SteadyBuyers {
  readonly orders: ConfirmedOrder[] = [];
  readonly #shop: ClusterUnderTest;
  readonly #running: Promise<unknown>;
  #ended = false;

  constructor(shop: ClusterUnderTest, tokens: readonly string[], variantId: string) {
    this.#shop = shop;
    this.#running = Promise.all(tokens.map((token) => this.#buy(token, variantId)));
  }

  /** Resolves after this many more confirmed orders whose first request is later than now. */
  async confirmed(more: number): Promise<void> {
    const now = Date.now();
    await until(() => this.orders.filter(({ askedAt }) => askedAt >= now).length >= more);
  }

  /** Longest time without a confirmed order since a time, in milliseconds. */
  longestGap(since: number): number {
    const times = [
      since,
      ...this.orders.map(({ answeredAt }) => answeredAt).filter((at) => at > since),
    ].toSorted((a, b) => a - b);
    return Math.max(0, ...times.slice(1).map((at, index) => at - (times[index] ?? at)));
  }

  async end(): Promise<void> {
    this.#ended = true;
    await this.#running;
  }

  async #buy(token: string, variantId: string): Promise<void> {
    while (!this.#ended) {
      const { id: cartId } = await this.#insist("POST", "/carts", { token });
      await this.#insist("POST", `/carts/${cartId}/items`, { token, body: { variantId } });
      const { total } = await this.#insist("GET", `/carts/${cartId}/quote`, { token });
      const askedAt = Date.now();
      const body = { cartId, total, shippingAddress: address };
      const order = await this.#insist("POST", "/orders", { token, key: newId(), body }, refusedFairly);
      if (order.id) this.orders.push({ id: order.id, askedAt, answeredAt: Date.now() });
    }
  }

  /** Retries until there is a response, as a client would. */
  async #insist(method: string, path: string, options: RequestOptions, fairly: readonly string[] = []) {
    for (let tries = 0; ; tries += 1) {
      const { status, text, json } = await this.#shop.request(
        tries % this.#shop.gateways.length,
        method,
        path,
        options,
      );
      const problem = String(json?.type).replace("/problems/", "");
      if (status < 300 || fairly.includes(problem)) return json;
      if (!worthAnotherTry.has(problem)) throw new Error(`${method} ${path}: ${status} ${text}`);
      await pause(betweenTriesMs);
    }
  }
}
