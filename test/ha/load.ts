import { setTimeout as sleep } from "node:timers/promises";
import { newId } from "../../services/contract/ids.ts";
import type { Outcome, Shopper } from "./shopper.ts";
import { failureIn } from "./shopper.ts";
import type { Tally } from "./tally.ts";

/** What the load needs of a shop: things to buy, and someone who buys. */
export interface Wares {
  readonly variantIds: readonly string[];
  readonly token: string;
}

/** For the comparison with the database: what was sent, and whether it was answered. */
export interface Sent {
  /** Each pair of a cart and a variant was asked for once, with quantity 1. */
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

/** Constant load: so many begin in each second, however slowly they are answered. */
export class Load {
  readonly sent: Sent = { added: new Map(), ordered: new Map() };
  readonly #shopper: Shopper;
  readonly #wares: Wares;
  readonly #tally: Tally;
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #timers: NodeJS.Timeout[] = [];
  #count = 0;
  #shelf: { id: string; token: string; left: string[] } | undefined;

  constructor(shopper: Shopper, wares: Wares, tally: Tally) {
    this.#shopper = shopper;
    this.#wares = wares;
    this.#tally = tally;
  }

  start({ reads, purchases, additions }: Rates): void {
    this.#every(reads, () => this.#read());
    this.#every(purchases, () => this.#purchase());
    this.#every(additions, () => this.#addition());
  }

  async end(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  #every(perSecond: number, work: () => Promise<unknown>): void {
    const begin = () => {
      const running: Promise<unknown> = work().finally(() => this.#underWay.delete(running));
      this.#underWay.add(running);
    };
    this.#timers.push(setInterval(begin, 1000 / perSecond));
  }

  async #measured(kind: string, request: () => Promise<Outcome>): Promise<Outcome> {
    const began = performance.now();
    const outcome = await request();
    this.#tally.count(kind, performance.now() - began, failureIn(outcome));
    return outcome;
  }

  /** Half of them public, half of them one's own, which nothing keeps. */
  async #read(): Promise<void> {
    const number = (this.#count += 1);
    const { variantIds, token } = this.#wares;
    const paths = [`/variants/${variantIds[number % variantIds.length]}`, "/orders?limit=3", "/products?limit=5", "/me"];
    const path = paths[number % paths.length] ?? "";
    const isOwn = path === "/me" || path.startsWith("/orders");
    const headers: Record<string, string> = isOwn ? { authorization: `Bearer ${token}` } : {};
    await this.#measured("reads", () => this.#shopper.send("GET", `/api/v1${path}`, headers));
  }

  async #purchase(): Promise<void> {
    const cart = await this.#newCart();
    const variantId = this.#wares.variantIds[(this.#count += 1) % this.#wares.variantIds.length] ?? "";
    if (!cart || !(await this.#add(cart, variantId))) return;
    const guest = { "x-cart-token": cart.token };
    const quote = await this.#measured("reads", () => this.#shopper.send("GET", `/api/v1/carts/${cart.id}/quote`, guest));
    if (failureIn(quote)) return;
    const { total } = JSON.parse(quote.body) as { total: object };
    const headers = { ...guest, authorization: `Bearer ${this.#wares.token}`, "idempotency-key": newId() };
    this.sent.ordered.set(cart.id, false);
    const body = { cartId: cart.id, total, shippingAddress: address };
    const placed = await this.#measured("orders, with a key", () => this.#shopper.send("POST", "/api/v1/orders", headers, body));
    if (placed.status === 201) this.sent.ordered.set(cart.id, true);
  }

  /** Puts one thing after the other into one cart, then goes on with another cart. */
  async #addition(): Promise<void> {
    if (!this.#shelf?.left.length) {
      const cart = await this.#newCart();
      if (!cart) return;
      this.#shelf = { ...cart, left: [...this.#wares.variantIds] };
    }
    const { left, ...cart } = this.#shelf;
    const variantId = left.pop();
    if (variantId !== undefined) await this.#add(cart, variantId);
  }

  async #newCart(): Promise<{ id: string; token: string } | undefined> {
    const made = await this.#measured("changes, without", () => this.#shopper.send("POST", "/api/v1/carts", {}, {}));
    return made.status === 201 ? (JSON.parse(made.body) as { id: string; token: string }) : undefined;
  }

  async #add(cart: { id: string; token: string }, variantId: string): Promise<boolean> {
    const path = `/api/v1/carts/${cart.id}/items`;
    const headers = { "x-cart-token": cart.token };
    this.sent.added.set(`${cart.id} ${variantId}`, false);
    const added = await this.#measured("changes, without", () => this.#shopper.send("POST", path, headers, { variantId, quantity: 1 }));
    if (added.status === 201) this.sent.added.set(`${cart.id} ${variantId}`, true);
    return added.status === 201;
  }
}

/** Lets the load go on for a while. */
export const goOn = (seconds: number) => sleep(seconds * 1000);
