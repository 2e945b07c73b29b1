import { setTimeout as pause } from "node:timers/promises";
import type { ServiceBroker } from "moleculer";
import type { ServiceWithDatabase } from "../../mixins/database/database.mixin.ts";
import { eventTransport } from "../../mixins/events/open-event-transport.ts";
import type { ActionName, Input, Result } from "../../mixins/contract/calls.ts";
import type { Caller, UserCaller } from "../../mixins/contract/caller.ts";
import { actorOf } from "../../mixins/contract/caller.ts";
import { isShopError } from "../../mixins/contract/errors.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { unusableHash } from "../../services/users/domain/passwords.ts";
import { customer, operator } from "./shop.ts";

type Order = Result<"orders.place">;

const address = { name: "Ada", line1: "1 Street", city: "London", postalCode: "N1 1AA", country: "GB" };
const callWithinMs = 20_000;
const pollIntervalMs = 50;

/** Operations and their results. */
export interface History {
  readonly orders: Order[];
  /** Counts by operation, and by problem. */
  readonly done: Record<string, number>;
}

/** Simulated buyers and staff of a whole shop; each operation can be called separately. */
export class ShopTraffic {
  readonly broker: ServiceBroker;
  readonly #random: () => number;
  readonly variants: string[] = [];
  /** Coupon codes; every other visitor tries one, if there are any. */
  readonly coupons: string[] = [];
  readonly history: History = { orders: [], done: {} };

  constructor(broker: ServiceBroker, random: () => number) {
    this.broker = broker;
    this.#random = random;
  }

  async call<N extends ActionName>(name: N, params: Input<N>, as: Caller = operator): Promise<Result<N>> {
    return this.broker.call<Result<N>, Input<N>>(name, params, {
      meta: { caller: as },
      timeout: callWithinMs,
    });
  }

  /** A customer without a valid password: hashing one per customer would take longer than all they do. */
  async newCustomer(): Promise<UserCaller> {
    const buyer = customer();
    const users = this.broker.getLocalService("users") as ServiceWithDatabase | undefined;
    if (!users) return buyer;
    const { userId } = buyer;
    const now = Date.now();
    const email = `${userId}@example.org`;
    const account = {
      id: userId,
      email,
      name: "Ada",
      password_hash: unusableHash(),
      role: "customer",
      status: "active",
    };
    await users.database.transaction({ actor: actorOf(buyer), requestId: "busy" }, async (tx) => {
      await users.database.insertIfAbsent(
        "users",
        { ...account, version: 1, created_at: now, updated_at: now },
        tx,
      );
      tx.publish("users.registered", { userId, email });
    });
    return buyer;
  }

  /** A product with one variant for each of these stocks. @returns the variants' ids */
  async stock(...quantities: number[]): Promise<string[]> {
    const name = newId();
    const { variants } = await this.call("catalog.products.create", {
      slug: `p-${name}`,
      name: `Product ${name}`,
      status: "published",
      variants: quantities.map((_, index) => ({
        sku: `S-${name}-${index}`,
        priceMinor: 500 + 100 * index,
        options: { no: String(index) },
      })),
    });
    const ids = variants.map(({ id }) => id);
    for (const [index, quantity] of quantities.entries())
      if (quantity > 0)
        await this.call("catalog.stock.change", {
          variantId: ids[index] ?? "",
          kind: "receive",
          quantity,
          reason: "delivery",
        });
    this.variants.push(...ids);
    return ids;
  }

  /**
   * Issues coupons with these limits.
   *
   * @returns their codes
   */
  async issue(...limits: number[]): Promise<string[]> {
    const codes = limits.map((_, index) => `BUSY-${newId().slice(-12)}-${index}`.toUpperCase());
    for (const [index, code] of codes.entries()) {
      const discount =
        index % 2
          ? ({ kind: "fixed", amountMinor: 333 } as const)
          : ({ kind: "percent", basisPoints: 1234 } as const);
      await this.call("orders.coupons.create", {
        code,
        discount,
        totalLimit: limits[index] ?? null,
        perCustomerLimit: 1,
      });
    }
    this.coupons.push(...codes);
    return codes;
  }

  /**
   * Fills the buyer's cart.
   *
   * @returns the params of its order
   */
  async fillCart(
    buyer: Caller,
    lines: readonly (readonly [variantId: string, quantity: number])[],
  ): Promise<Input<"orders.place">> {
    const { id } = await this.call("cart.create", {}, buyer);
    for (const [variantId, quantity] of lines)
      await this.call("cart.items.add", { id, variantId, quantity }, buyer);
    if (this.coupons.length > 0 && this.#random() < 0.5)
      await this.attempt(
        "coupon",
        this.call("cart.coupon.apply", { id, code: this.#oneOf(this.coupons) }, buyer),
      );
    const { total } = await this.call("cart.quote", { id }, buyer);
    return { idempotencyKey: newId(), cartId: id, total, shippingAddress: address };
  }

  async place(buyer: Caller, request: Input<"orders.place">): Promise<Order | undefined> {
    const order = await this.attempt("place", this.call("orders.place", request, buyer));
    if (order && !this.history.orders.some(({ id }) => id === order.id)) this.history.orders.push(order);
    return order;
  }

  pay(id: string) {
    return this.attempt("pay", this.call("orders.payments.record", { id, idempotencyKey: newId() }));
  }

  cancel(id: string) {
    return this.attempt("cancel", this.call("orders.cancel", { id, reason: "changed my mind" }));
  }

  async returnGoods(order: Order, quantity = 1, restock = true) {
    const line = this.#oneOf(order.lines);
    const lines = [{ lineId: line.id, quantity }];
    return this.attempt(
      "return",
      this.call("orders.returns.record", {
        id: order.id,
        idempotencyKey: newId(),
        lines,
        restock,
        reason: "broken",
      }),
    );
  }

  /** Packs and ships one item of the order, and sometimes delivers it, or ships the rest. */
  async ship(order: Order): Promise<void> {
    const [line] = order.lines;
    if (!line) return;
    const lines = [{ lineId: line.id, quantity: 1 }];
    const parcel = this.call("orders.shipments.create", {
      id: order.id,
      idempotencyKey: newId(),
      status: "packed",
      lines,
    });
    const packed = await this.attempt("pack", parcel);
    if (!packed) return;
    const where = { id: order.id, shipmentId: packed.id };
    const chance = this.#random();
    const status = chance < 0.2 ? "cancelled" : "shipped";
    const moved = await this.attempt(
      status,
      this.call("orders.shipments.update", { ...where, expectedVersion: packed.version, status }),
    );
    if (!moved || chance < 0.4) return;
    await this.attempt(
      "ship the rest",
      this.call("orders.shipments.create", { id: order.id, idempotencyKey: newId() }),
    );
    await this.attempt(
      "deliver",
      this.call("orders.shipments.update", { ...where, expectedVersion: moved.version, status: "delivered" }),
    );
  }

  /**
   * A random visit: mostly a purchase, sometimes two concurrent orders, an abandoned cart, or a cancellation.
   */
  async visit(): Promise<void> {
    const buyer = await this.newCustomer();
    const wanted = new Set([this.#oneOf(this.variants), this.#oneOf(this.variants)]);
    const lines = [...wanted].map((variantId) => [variantId, 1 + Math.floor(this.#random() * 3)] as const);
    if (this.#random() < 0.1) {
      const reserved = {
        orderId: newId(),
        lines: lines.map(([variantId, quantity]) => ({ variantId, quantity })),
      };
      await this.attempt("reserve", this.call("catalog.stock.reserve", reserved));
      await this.attempt("release", this.call("catalog.stock.release", { orderId: reserved.orderId }));
      return;
    }
    const request = await this.attempt("fill", this.fillCart(buyer, lines));
    if (!request) return;
    const again = this.#random() < 0.3 ? [request, { ...request, idempotencyKey: newId() }] : [];
    const order = (await Promise.all([request, ...again].map((each) => this.place(buyer, each)))).find(
      Boolean,
    );
    if (order) await this.#afterwards(order);
  }

  async #afterwards(order: Order): Promise<void> {
    const dice = this.#random();
    if (dice < 0.15) return;
    if (dice < 0.3) await this.cancel(order.id);
    else if (dice < 0.5) await Promise.all([this.pay(order.id), this.cancel(order.id)]);
    else {
      await this.pay(order.id);
      if (this.#random() < 0.5) await this.ship(order);
      if (dice < 0.7) await Promise.all([this.returnGoods(order, 1, dice < 0.6), this.returnGoods(order)]);
      else if (dice < 0.8) await this.cancel(order.id);
    }
  }

  /** Resolves when all events were consumed. */
  async settled(): Promise<void> {
    await this.until(async () => (await eventTransport(this.broker).backlog()) === 0);
  }

  /** Resolves when no refund is pending. */
  async refundsSettled(): Promise<void> {
    const { database } = this.broker.getLocalService("orders") as ServiceWithDatabase;
    const waiting = () => database.select("SELECT id FROM refunds WHERE status = 'requested'");
    await this.until(async () => (await waiting()).length === 0);
  }

  /** Polls; the condition is not observable otherwise. */
  async until(done: () => Promise<boolean>): Promise<void> {
    while (!(await done())) await pause(pollIntervalMs);
  }

  /** Reservations held by checkouts. */
  async leases(): Promise<{ orderId: string; leaseUntil: number }[]> {
    const { database } = this.broker.getLocalService("catalog") as ServiceWithDatabase;
    return database.select(
      "SELECT order_id AS orderId, lease_until AS leaseUntil FROM reservations WHERE status = 'held'",
    );
  }

  /** Counts the result; a client error is an expected result. */
  async attempt<T>(what: string, work: Promise<T>): Promise<T | undefined> {
    try {
      const result = await work;
      this.#count(what);
      return result;
    } catch (error) {
      if (!isShopError(error)) throw error;
      this.#count(`${what} ${error.type}`);
      return undefined;
    }
  }

  #count(what: string): void {
    this.history.done[what] = (this.history.done[what] ?? 0) + 1;
  }

  #oneOf<T>(choices: readonly T[]): T {
    const chosen = choices[Math.floor(this.#random() * choices.length)];
    if (chosen === undefined) throw new Error("there is nothing to choose from");
    return chosen;
  }
}
