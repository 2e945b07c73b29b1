import { setTimeout as sleep } from "node:timers/promises";
import { newId } from "../../mixins/contract/ids.ts";
import type { Outcome, HttpClient } from "./shopper.ts";
import { failureIn } from "./shopper.ts";
import type { RequestStatistics } from "./tally.ts";

/** Data that the load needs: variants and a customer. */
export interface Purchasable {
  readonly variantIds: readonly string[];
  readonly token: string;
}

/** For the comparison with the database: sent requests and whether each was acknowledged. */
export interface SentRequests {
  /** Each pair of cart and variant was requested once, with quantity 1. */
  readonly added: Map<string, boolean>;
  /** Each cart was ordered once, under one key. */
  readonly ordered: Map<string, boolean>;
}

export interface Rates {
  /** Per second, each. */
  readonly reads: number;
  readonly purchases: number;
  readonly additions: number;
}

const address = { name: "Ada", line1: "1 Mill Lane", city: "London", postalCode: "N1 1AA", country: "GB" };

/** Open-loop load: a constant number of requests per second, independent of response times. */
export class Load {
  readonly sent: SentRequests = { added: new Map(), ordered: new Map() };
  readonly #client: HttpClient;
  readonly #purchasable: Purchasable;
  readonly #tally: RequestStatistics;
  readonly #inFlight = new Set<Promise<unknown>>();
  readonly #timers: NodeJS.Timeout[] = [];
  #count = 0;
  #openCart: { id: string; token: string; left: string[] } | undefined;

  constructor(client: HttpClient, purchasable: Purchasable, statistics: RequestStatistics) {
    this.#client = client;
    this.#purchasable = purchasable;
    this.#tally = statistics;
  }

  start({ reads, purchases, additions }: Rates): void {
    this.#every(reads, () => this.#read());
    this.#every(purchases, () => this.#purchase());
    this.#every(additions, () => this.#addition());
  }

  async end(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    while (this.#inFlight.size > 0) await Promise.all(this.#inFlight);
  }

  #every(perSecond: number, work: () => Promise<unknown>): void {
    const start = () => {
      const running: Promise<unknown> = work().finally(() => this.#inFlight.delete(running));
      this.#inFlight.add(running);
    };
    this.#timers.push(setInterval(start, 1000 / perSecond));
  }

  async #measured(kind: string, request: () => Promise<Outcome>): Promise<Outcome> {
    const began = performance.now();
    const outcome = await request();
    this.#tally.count(kind, performance.now() - began, failureIn(outcome));
    return outcome;
  }

  /** Half public, half private and uncached. */
  async #read(): Promise<void> {
    const number = (this.#count += 1);
    const { variantIds, token } = this.#purchasable;
    const paths = [
      `/variants/${variantIds[number % variantIds.length]}`,
      "/orders?limit=3",
      "/products?limit=5",
      "/me",
    ];
    const path = paths[number % paths.length] ?? "";
    const isOwn = path === "/me" || path.startsWith("/orders");
    const headers: Record<string, string> = isOwn ? { authorization: `Bearer ${token}` } : {};
    await this.#measured("reads", () => this.#client.send("GET", `/api/v1${path}`, headers));
  }

  async #purchase(): Promise<void> {
    const cart = await this.#newCart();
    const variantId =
      this.#purchasable.variantIds[(this.#count += 1) % this.#purchasable.variantIds.length] ?? "";
    if (!cart || !(await this.#add(cart, variantId))) return;
    const guest = { "x-cart-token": cart.token };
    const quote = await this.#measured("reads", () =>
      this.#client.send("GET", `/api/v1/carts/${cart.id}/quote`, guest),
    );
    if (failureIn(quote)) return;
    const { total } = JSON.parse(quote.body) as { total: object };
    const headers = {
      ...guest,
      authorization: `Bearer ${this.#purchasable.token}`,
      "idempotency-key": newId(),
    };
    this.sent.ordered.set(cart.id, false);
    const body = { cartId: cart.id, total, shippingAddress: address };
    const placed = await this.#measured("orders, with a key", () =>
      this.#client.send("POST", "/api/v1/orders", headers, body),
    );
    if (placed.status === 201) this.sent.ordered.set(cart.id, true);
  }

  /** Adds items to one cart, then to the next one. */
  async #addition(): Promise<void> {
    if (!this.#openCart?.left.length) {
      const cart = await this.#newCart();
      if (!cart) return;
      this.#openCart = { ...cart, left: [...this.#purchasable.variantIds] };
    }
    const { left, ...cart } = this.#openCart;
    const variantId = left.pop();
    if (variantId !== undefined) await this.#add(cart, variantId);
  }

  async #newCart(): Promise<{ id: string; token: string } | undefined> {
    const made = await this.#measured("changes, without", () =>
      this.#client.send("POST", "/api/v1/carts", {}, {}),
    );
    return made.status === 201 ? (JSON.parse(made.body) as { id: string; token: string }) : undefined;
  }

  async #add(cart: { id: string; token: string }, variantId: string): Promise<boolean> {
    const path = `/api/v1/carts/${cart.id}/items`;
    const headers = { "x-cart-token": cart.token };
    this.sent.added.set(`${cart.id} ${variantId}`, false);
    const added = await this.#measured("changes, without", () =>
      this.#client.send("POST", path, headers, { variantId, quantity: 1 }),
    );
    if (added.status === 201) this.sent.added.set(`${cart.id} ${variantId}`, true);
    return added.status === 201;
  }
}

/** Continues the load for a while. */
export const keepLoading = (seconds: number) => sleep(seconds * 1000);
