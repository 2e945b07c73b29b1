import type { MallVariant } from "../../catalog/demo/demo-mall.ts";
import { numberOf } from "../../catalog/demo/demo-mall.ts";
import type { DemoAfterSale } from "./data/after-sales.ts";
import { demoAfterSales } from "./data/after-sales.ts";
import type { Outcome } from "./data/orders.ts";
import { outcomes, showcase } from "./data/orders.ts";
import type { DemoPerson } from "./data/people.ts";
import { sellers } from "./data/merchants.ts";
import type { Ware } from "./stock-merchants.ts";

export interface PlannedLine {
  readonly ware: Ware;
  readonly variant: MallVariant;
  readonly quantity: number;
}

export interface PlannedOrder {
  /** From 0; the same in each shop. */
  readonly number: number;
  /** Of the customer. */
  readonly customer: number;
  readonly outcome: Outcome;
  /** After the delivery. */
  readonly afterSale?: DemoAfterSale;
  readonly lines: readonly PlannedLine[];
  readonly coupon?: string;
}

interface Wish {
  readonly customer: number;
  readonly outcome: Outcome;
  readonly afterSale?: DemoAfterSale;
}

/** Every n-th order has something of the first merchant, so that its screens show every state. */
const ofFirstMerchantEvery = 4;
/** A variant keeps at least so many; an order of half of what is left would have to be paid within minutes. */
const keepsUnits = 6;

/**
 * Who buys what, and what becomes of it: always the same for the same products and people. Nothing is planned
 * beyond the stock.
 */
export function planOrders(wares: readonly Ware[], people: readonly DemoPerson[]): PlannedOrder[] {
  const shelves = new Shelves(wares);
  const orders: PlannedOrder[] = [];
  const customersWithWelcome = new Set<number>();
  let firstFive = 0;
  for (const wish of wishes(people.length)) {
    const number = orders.length;
    const likes = people[wish.customer]?.likes ?? [];
    const lines = wish.outcome === "expired" ? shelves.scarce() : shelves.pick(number, likes, wish.outcome);
    if (lines.length === 0) continue;
    const worth = lines.reduce((sum, { variant, quantity }) => sum + variant.price * quantity, 0);
    let coupon: string | undefined;
    if (wish.outcome === "received" && number % 3 === 0) {
      if (worth >= 3000 && number % 2 === 0) coupon = "THREE-OFF";
      else if (firstFive < 5) coupon = "FIRST-FIVE";
      else if (!customersWithWelcome.has(wish.customer)) coupon = "WELCOME10";
      if (coupon === "FIRST-FIVE") firstFive += 1;
      if (coupon === "WELCOME10") customersWithWelcome.add(wish.customer);
    }
    orders.push({ ...wish, number, lines, ...(coupon === undefined ? {} : { coupon }) });
  }
  return orders;
}

/** Orders that expire come first, as that takes a minute. */
function wishes(people: number): Wish[] {
  const first = showcase.map((outcome): Wish => ({ customer: 0, outcome }));
  const afterSales = [...demoAfterSales, ...demoAfterSales].map((afterSale, index): Wish => ({
    customer: index < 3 ? 0 : (7 * index + 5) % people,
    outcome: "delivered",
    afterSale,
  }));
  const others = (Object.entries(outcomes) as [Outcome, number][]).flatMap(([outcome, count]) =>
    Array.from({ length: count }, (_, index): Wish => ({
      customer: numberOf(`${outcome} ${index}`, people),
      outcome,
    })),
  );
  const expire = others.filter(({ outcome }) => outcome === "expired");
  const rest = others.filter(({ outcome }) => outcome !== "expired");
  const mixed = rest.toSorted(
    (one, other) => numberOf(JSON.stringify(one), 1e9) - numberOf(JSON.stringify(other), 1e9),
  );
  return [...expire, ...first, ...afterSales, ...mixed];
}

/** What is left to be planned of each variant. */
class Shelves {
  readonly #left = new Map<string, number>();
  readonly #byDepartment: ReadonlyMap<string, readonly Ware[]>;
  readonly #ofFirst: readonly Ware[];
  readonly #all: readonly Ware[];

  constructor(wares: readonly Ware[]) {
    const first = sellers[0];
    // Nobody orders a car by post, and a suspended merchant sells nothing.
    this.#all = wares.filter(
      ({ product, seller }) =>
        product.category !== "new-cars" && (seller === undefined || seller.demo.status === "active"),
    );
    for (const { product } of this.#all)
      for (const { sku, stock } of product.variants) this.#left.set(sku, stock);
    this.#byDepartment = Map.groupBy(this.#all, ({ department }) => department);
    this.#ofFirst = this.#all.filter(({ seller }) => seller?.demo === first && first !== undefined);
  }

  /** One to three products of different kinds, popular ones more often. */
  pick(number: number, likes: readonly string[], outcome: Outcome): PlannedLine[] {
    const wanted = outcome === "partly-shipped" ? 2 : 1 + numberOf(`lines ${number}`, 3);
    const from = Array.from({ length: wanted }, (_, index) =>
      index === 0 && number % ofFirstMerchantEvery === 0
        ? this.#ofFirst
        : (this.#byDepartment.get(likes[index % 2] ?? "") ?? []),
    );
    const lines: PlannedLine[] = [];
    for (const [index, wares] of from.entries()) {
      const chosen = byPopularity(wares, `order ${number} line ${index}`)
        .filter((ware) => !lines.some((line) => line.ware === ware))
        .values()
        .map((ware) => this.#lineOf(ware, number))
        .find((line) => line !== undefined);
      if (chosen) lines.push(chosen);
    }
    return lines;
  }

  /** More than half of what there is of a variant, so that it has to be paid within minutes. */
  scarce(): PlannedLine[] {
    for (const ware of this.#all)
      for (const variant of ware.product.variants) {
        const { sku, stock, price } = variant;
        if (this.#left.get(sku) !== stock || stock < 4 || stock > 8 || price > 5000) continue;
        this.#left.set(sku, 0);
        return [{ ware, variant, quantity: Math.floor(stock / 2) + 1 }];
      }
    return [];
  }

  #lineOf(ware: Ware, number: number): PlannedLine | undefined {
    const { slug, variants } = ware.product;
    const quantity = variants.some(({ price }) => price > 5000) ? 1 : 1 + (number % 2);
    const enough = variants.filter(({ sku }) => (this.#left.get(sku) ?? 0) - quantity >= keepsUnits);
    const variant = enough[numberOf(`${slug} ${number}`, Math.max(enough.length, 1))];
    if (!variant) return undefined;
    this.#left.set(variant.sku, (this.#left.get(variant.sku) ?? 0) - quantity);
    return { ware, variant, quantity };
  }
}

/** Popular ones, in an order of their own, more often at the beginning. */
function byPopularity(wares: readonly Ware[], key: string): Ware[] {
  const ranked = wares.toSorted(
    (one, other) => numberOf(one.product.slug, 1e9) - numberOf(other.product.slug, 1e9),
  );
  const share = numberOf(key, 1000) / 1000;
  const from = Math.floor(share * share * ranked.length);
  return [...ranked.slice(from), ...ranked.slice(0, from)];
}
