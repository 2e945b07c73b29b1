import type { ServiceBroker } from "moleculer";
import type moleculer from "moleculer";
import type { EventEnvelope } from "../../mixins/events/envelope.ts";
import type { ShopMeta } from "../../mixins/service/action-runtime.ts";
import type { ActionName, EventName, Params, Result } from "../../mixins/contract/calls.ts";
import { ShopError } from "../../mixins/contract/errors.ts";
import { toTimestamp } from "../../mixins/contract/fields.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { allContracts } from "./all-contracts.ts";
import { recordEvents } from "./record-events.ts";

type Ctx<N extends ActionName> = moleculer.Context<Params<N>, ShopMeta>;
type Lines = Result<"cart.snapshot">["lines"];

interface Stock {
  onHand: number;
  price: number;
  readonly merchantId?: string | null;
  readonly productId?: string;
  readonly scope?: GoodsScope;
}

type GoodsScope = Pick<Result<"catalog.stock.reserve">["lines"][number], "brandId" | "categoryIds">;

interface Reservation {
  state: "held" | "released";
  readonly answer: Result<"catalog.stock.reserve">;
}

/**
 * In-memory fakes of the services that checkout calls, by their contracts. Tests can inspect them, and make
 * them fail or wait at any step.
 */
export class FakeCheckoutServices {
  currency = "GBP";
  readonly carts = new Map<string, Lines>();
  /** The code of the coupon on a cart, by the cart's id. */
  readonly coupons = new Map<string, string>();
  readonly stocks = new Map<string, Stock>();
  readonly reservations = new Map<string, Reservation>();
  readonly addresses = new Map<string, Result<"users.addresses.get"> & { userId: string }>();
  /** Every durable event of the orders service that was delivered, in order. */
  readonly events: EventEnvelope[] = [];
  /** Runs after the reservation, before the response. */
  whenReserved: (orderId: string) => Promise<void> = () => Promise.resolve();
  /** Runs before a requested release. */
  whenReleased: (orderId: string) => Promise<void> = () => Promise.resolve();
  /** Runs before a cart is read. */
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
    void recordEvents(broker, events, (event) => this.events.push(event));
  };

  /**
   * @param merchantId null for the shop itself
   * @returns a new variant's id
   */
  stock(onHand: number, price: number, merchantId: string | null = null, scope: GoodsScope = {}): string {
    const variantId = newId();
    this.stocks.set(variantId, { onHand, price, merchantId, productId: newId(), scope });
    return variantId;
  }

  /** @returns the id of a new cart with these quantities */
  cart(...lines: (readonly [variantId: string, quantity: number])[]): string {
    const id = newId();
    this.carts.set(
      id,
      lines.map(([variantId, quantity]) => ({ variantId, quantity })),
    );
    return id;
  }

  held(): string[] {
    return [...this.reservations].filter(([, { state }]) => state === "held").map(([orderId]) => orderId);
  }

  /** The lease job: settles orders and releases those ruled out. */
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
    for (const { variantId, quantity } of reservation.answer.lines)
      this.#stockOf(variantId).onHand += quantity;
    return null;
  }

  async #snapshot({ id, items }: Params<"cart.snapshot">): Promise<Result<"cart.snapshot">> {
    await this.whenCartRead();
    const lines = this.carts.get(id);
    if (!lines) throw new ShopError("not-found");
    const chosen = items ? lines.filter(({ variantId }) => items.includes(variantId)) : lines;
    return { id, version: 1, lines: chosen, couponCode: this.coupons.get(id) ?? null };
  }

  async #reserve({
    orderId,
    lines,
  }: Params<"catalog.stock.reserve">): Promise<Result<"catalog.stock.reserve">> {
    const reservation = this.reservations.get(orderId) ?? this.#hold(orderId, lines);
    if (reservation.state === "released")
      throw new ShopError("illegal-transition", undefined, { from: "released" });
    await this.whenReserved(orderId);
    return reservation.answer;
  }

  #hold(orderId: string, lines: Lines): Reservation {
    const shortages = lines
      .map(({ variantId, quantity }) => ({
        variantId,
        wanted: quantity,
        available: this.#stockOf(variantId).onHand,
      }))
      .filter(({ wanted, available }) => wanted > available);
    if (shortages.length > 0) throw new ShopError("stock-shortage", undefined, { shortages });
    const held = lines.map(({ variantId, quantity }) => {
      const stock = this.#stockOf(variantId);
      stock.onHand -= quantity;
      const unitPrice = { amount: stock.price, currency: this.currency };
      return {
        variantId,
        productId: stock.productId ?? newId(),
        merchantId: stock.merchantId ?? null,
        ...stock.scope,
        name: "Thing",
        sku: "T-1",
        options: { size: "M" },
        quantity,
        unitPrice,
      };
    });
    const answer = { lines: held, leaseUntil: toTimestamp(Date.now() + 60_000), scarce: false };
    const reservation: Reservation = { state: "held", answer };
    this.reservations.set(orderId, reservation);
    return reservation;
  }

  #address({ params, meta }: Ctx<"users.addresses.get">): Result<"users.addresses.get"> {
    const saved = this.addresses.get(params.id);
    if (!saved || meta.caller?.kind !== "user" || saved.userId !== meta.caller.userId)
      throw new ShopError("not-found");
    const { userId: _owner, ...answer } = saved;
    return answer;
  }

  #stockOf(variantId: string): Stock {
    const stock = this.stocks.get(variantId);
    if (!stock) throw new ShopError("not-found");
    return stock;
  }
}
