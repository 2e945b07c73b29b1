import type { ServiceBroker } from "moleculer";
import type moleculer from "moleculer";
import type { EventEnvelope } from "../../mixins/events/envelope.ts";
import { eventTransport } from "../../mixins/events/event-transport.ts";
import type { ShopMeta } from "../../mixins/shop-action.ts";
import type { ActionName, EventName, Params, Result } from "../../services/contract/calls.ts";
import { ShopError } from "../../services/contract/errors.ts";
import { toTimestamp } from "../../services/contract/fields.ts";
import { newId } from "../../services/contract/ids.ts";
import { allContracts } from "../../services/contracts.ts";

type Ctx<N extends ActionName> = moleculer.Context<Params<N>, ShopMeta>;
type Lines = Result<"cart.snapshot">["lines"];

interface Shelf {
  onHand: number;
  price: number;
}

interface Reservation {
  state: "held" | "released";
  readonly answer: Result<"catalog.stock.reserve">;
}

/**
 * The services that checkout talks to, in memory and as their contracts promise them. A test can look into them and
 * make them fail or wait at any step.
 */
export class CheckoutStandIns {
  readonly carts = new Map<string, Lines>();
  /** The code of the coupon on a cart, by the cart's id. */
  readonly coupons = new Map<string, string>();
  readonly shelves = new Map<string, Shelf>();
  readonly reservations = new Map<string, Reservation>();
  readonly addresses = new Map<string, Result<"users.addresses.get"> & { userId: string }>();
  /** Every durable event of the orders service that was delivered, in order. */
  readonly events: EventEnvelope[] = [];
  /** Runs when stock was reserved and before the orders service hears of it. */
  whenReserved: (orderId: string) => Promise<void> = () => Promise.resolve();
  /** Runs before stock is released on request. */
  whenReleased: (orderId: string) => Promise<void> = () => Promise.resolve();
  /** Runs before a cart is looked at. */
  whenCartRead: () => Promise<void> = () => Promise.resolve();

  /** For `startShop({ prepare })`. */
  readonly install = (broker: ServiceBroker): void => {
    broker.createService({
      name: "cart",
      actions: { snapshot: (ctx: Ctx<"cart.snapshot">) => this.#snapshot(ctx.params) },
    });
    broker.createService({
      name: "catalog",
      actions: {
        "stock.reserve": (ctx: Ctx<"catalog.stock.reserve">) => this.#reserve(ctx.params),
        "stock.release": async ({ params }: Ctx<"catalog.stock.release">) => {
          await this.whenReleased(params.orderId);
          return this.release(params.orderId);
        },
      },
    });
    broker.createService({
      name: "users",
      actions: { "addresses.get": (ctx: Ctx<"users.addresses.get">) => this.#address(ctx) },
    });
    const events = allContracts
      .filter(({ name }) => name === "orders")
      .flatMap((contract) => Object.keys(contract.events).map((key) => `orders.${key}` as EventName));
    const takeIn = (batch: readonly EventEnvelope[]) => {
      this.events.push(...batch);
      return Promise.resolve(batch.map(() => undefined));
    };
    void eventTransport(broker).subscribe({ service: "audit", events, takeIn });
  };

  /** @returns a new variant's id */
  stock(onHand: number, price: number): string {
    const variantId = newId();
    this.shelves.set(variantId, { onHand, price });
    return variantId;
  }

  /** @returns the id of a new cart with these quantities */
  cart(...lines: (readonly [variantId: string, quantity: number])[]): string {
    const id = newId();
    this.carts.set(id, lines.map(([variantId, quantity]) => ({ variantId, quantity })));
    return id;
  }

  held(): string[] {
    return [...this.reservations].filter(([, { state }]) => state === "held").map(([orderId]) => orderId);
  }

  /** What the lease sweeper does: asks what became of the orders and releases what will not come. */
  async sweep(settle: (orderIds: string[]) => Promise<Result<"orders.checkouts.settle">>): Promise<void> {
    const held = this.held();
    for (let from = 0; from < held.length; from += 100)
      for (const { orderId, outcome } of await settle(held.slice(from, from + 100)))
        if (outcome === "abandoned") this.release(orderId);
  }

  release(orderId: string): null {
    const reservation = this.reservations.get(orderId);
    if (reservation?.state !== "held") return null;
    reservation.state = "released";
    for (const { variantId, quantity } of reservation.answer.lines) this.#shelf(variantId).onHand += quantity;
    return null;
  }

  async #snapshot({ id }: Params<"cart.snapshot">): Promise<Result<"cart.snapshot">> {
    await this.whenCartRead();
    const lines = this.carts.get(id);
    if (!lines) throw new ShopError("not-found");
    return { id, version: 1, lines, couponCode: this.coupons.get(id) ?? null };
  }

  async #reserve({ orderId, lines }: Params<"catalog.stock.reserve">): Promise<Result<"catalog.stock.reserve">> {
    const reservation = this.reservations.get(orderId) ?? this.#hold(orderId, lines);
    if (reservation.state === "released") throw new ShopError("illegal-transition", undefined, { from: "released" });
    await this.whenReserved(orderId);
    return reservation.answer;
  }

  #hold(orderId: string, lines: Lines): Reservation {
    const shortages = lines
      .map(({ variantId, quantity }) => ({ variantId, wanted: quantity, available: this.#shelf(variantId).onHand }))
      .filter(({ wanted, available }) => wanted > available);
    if (shortages.length > 0) throw new ShopError("stock-shortage", undefined, { shortages });
    const held = lines.map(({ variantId, quantity }) => {
      const shelf = this.#shelf(variantId);
      shelf.onHand -= quantity;
      const unitPrice = { amount: shelf.price, currency: "GBP" };
      return { variantId, productId: newId(), name: "Thing", sku: "T-1", options: { size: "M" }, quantity, unitPrice };
    });
    const answer = { lines: held, leaseUntil: toTimestamp(Date.now() + 60_000) };
    const reservation: Reservation = { state: "held", answer };
    this.reservations.set(orderId, reservation);
    return reservation;
  }

  #address({ params, meta }: Ctx<"users.addresses.get">): Result<"users.addresses.get"> {
    const saved = this.addresses.get(params.id);
    if (!saved || meta.caller?.kind !== "user" || saved.userId !== meta.caller.userId) throw new ShopError("not-found");
    const { userId: _owner, ...answer } = saved;
    return answer;
  }

  #shelf(variantId: string): Shelf {
    const shelf = this.shelves.get(variantId);
    if (!shelf) throw new ShopError("not-found");
    return shelf;
  }
}
