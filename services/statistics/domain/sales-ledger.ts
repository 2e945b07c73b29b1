import type { Day } from "./day.ts";
import type { Kind, Measure, Measures, Scope } from "./measures.ts";
import { measureNames, measures, scopes } from "./measures.ts";

/**
 * One row of the ledger: what one event did to one product, or to one merchant's part of an order. A step of an order
 * (placed, paid, cancelled, expired) has a marker as well: no product, and `*` as merchant.
 */
export interface Entry {
  readonly orderId: string;
  readonly kind: Kind;
  /** Id of the refund or return; empty for a step of the order. */
  readonly refId: string;
  /** Empty for what concerns no product, such as shipping and refunds. */
  readonly productId: string;
  /** Empty for the shop's own goods. */
  readonly merchantId: string;
  /** The product's category when it was sold; empty for none. */
  readonly categoryId: string;
  readonly day: Day;
  readonly happenedAt: number;
  readonly units: number;
  /** Minor units: the goods before discount, the refund, or the returned goods. */
  readonly amount: number;
  readonly discount: number;
  readonly shipping: number;
}

/** When something happened. */
export interface Moment {
  readonly day: Day;
  readonly happenedAt: number;
}

/** Goods of one product and merchant in an order. */
export type Goods = Pick<
  Entry,
  "productId" | "merchantId" | "categoryId" | "units" | "amount" | "discount" | "shipping"
>;

export const noGoods: Goods = {
  productId: "",
  merchantId: "",
  categoryId: "",
  units: 0,
  amount: 0,
  discount: 0,
  shipping: 0,
};

type Step = Exclude<Kind, "refunded" | "returned">;
const anyMerchant = "*";
const nothing = { units: 0, amount: 0, discount: 0, shipping: 0 } as const;

const isMarker = ({ merchantId }: Entry) => merchantId === anyMerchant;

/** Adds what an order consists of. Steps that arrived before it get their goods now. */
export function withPlacement(
  ledger: readonly Entry[],
  orderId: string,
  goods: readonly Goods[],
  at: Moment,
): readonly Entry[] {
  if (ledger.some((entry) => entry.kind === "placed")) return ledger;
  const markers = [...ledger.filter(isMarker), marker(orderId, "placed", at)];
  return [
    ...ledger.filter((entry) => !isMarker(entry)),
    ...markers.flatMap((step) => [step, ...goods.map((some): Entry => ({ ...step, ...some }))]),
  ];
}

/** Adds a later step of an order, with the goods of the order if they are known. */
export function withStep(
  ledger: readonly Entry[],
  orderId: string,
  kind: Exclude<Step, "placed">,
  at: Moment,
): readonly Entry[] {
  if (ledger.some((entry) => entry.kind === kind)) return ledger;
  const placed = ledger.filter((entry) => entry.kind === "placed" && !isMarker(entry));
  const step = marker(orderId, kind, at);
  return [...ledger, step, ...placed.map((entry) => ({ ...entry, kind, ...at }))];
}

/**
 * Adds the latest outcome of a refund. One that the bank sent back counts nothing, until it is given again.
 *
 * @param amounts by merchant
 */
export function withRefund(
  ledger: readonly Entry[],
  orderId: string,
  refundId: string,
  amounts: ReadonlyMap<string, number>,
  at: Moment,
): readonly Entry[] {
  const isIt = ({ kind, refId }: Entry) => kind === "refunded" && refId === refundId;
  if (ledger.some((entry) => isIt(entry) && entry.happenedAt >= at.happenedAt)) return ledger;
  const base = { ...marker(orderId, "refunded", at), refId: refundId };
  const rows = [...amounts].map(([merchantId, amount]): Entry => ({ ...base, merchantId, amount }));
  return [...ledger.filter((entry) => !isIt(entry)), ...rows];
}

/** Adds returned goods. */
export function withReturn(
  ledger: readonly Entry[],
  orderId: string,
  returnId: string,
  goods: readonly Goods[],
  at: Moment,
): readonly Entry[] {
  if (ledger.some(({ kind, refId }) => kind === "returned" && refId === returnId)) return ledger;
  const base = { ...marker(orderId, "returned", at), refId: returnId };
  return [...ledger, ...goods.map((some): Entry => ({ ...base, ...some }))];
}

function marker(orderId: string, kind: Kind, { day, happenedAt }: Moment): Entry {
  const none = { refId: "", productId: "", merchantId: anyMerchant, categoryId: "" };
  return { orderId, kind, ...none, day, happenedAt, ...nothing };
}

/** Adds up goods of the same product and merchant. */
export function sumGoods(goods: readonly Goods[]): Goods[] {
  const byProduct = Map.groupBy(goods, ({ productId, merchantId }) => `${productId} ${merchantId}`);
  return [...byProduct.values()].map((same) =>
    same.reduce((sum, one) => ({
      ...sum,
      units: sum.units + one.units,
      amount: sum.amount + one.amount,
      discount: sum.discount + one.discount,
      shipping: sum.shipping + one.shipping,
    })),
  );
}

/** A row of the figures, by day and what is counted. */
export interface Figure {
  readonly day: Day;
  readonly scope: Scope["name"];
  readonly keyId: string;
  readonly merchantId: string;
  readonly measures: Measures;
}

/** What the ledgers of these orders count. */
export function figuresOf(ledgers: readonly (readonly Entry[])[]): Figure[] {
  return addUp(ledgers.flatMap(figuresOfOrder));
}

/**
 * What has to be added to the figures when one ledger of an order replaces another. Each day that changes has its
 * shop's row, even if that stays as it is.
 */
export function difference(
  changes: readonly { readonly before: readonly Entry[]; readonly after: readonly Entry[] }[],
): Figure[] {
  const minus = changes.flatMap(({ before }) => figuresOfOrder(before)).map(negated);
  const sums = addUp([...changes.flatMap(({ after }) => figuresOfOrder(after)), ...minus]);
  const differs = (figure: Figure) => measureNames.some((name) => figure.measures[name] !== 0);
  const days = new Set(sums.filter(differs).map(({ day }) => day));
  return sums.filter((figure) => (figure.scope === "shop" ? days.has(figure.day) : differs(figure)));
}

const keyOf = { "''": () => "", merchant_id: merchantOf, category_id: categoryOf, product_id: productOf };
const counts: Readonly<Record<string, (entry: Entry) => boolean>> = {
  "1 = 1": () => true,
  "merchant_id <> '*'": (entry) => !isMarker(entry),
  "product_id <> ''": ({ productId }) => productId !== "",
};

function merchantOf({ merchantId }: Entry): string {
  return merchantId;
}
function categoryOf({ categoryId }: Entry): string {
  return categoryId;
}
function productOf({ productId }: Entry): string {
  return productId;
}

function figuresOfOrder(ledger: readonly Entry[]): Figure[] {
  return scopes.flatMap((scope) => {
    const wanted = ledger.filter((entry) => counts[scope.where]?.(entry));
    const merchant = scope.merchant === "'*'" ? () => anyMerchant : merchantOf;
    const groups = Map.groupBy(
      wanted,
      (entry) => `${entry.day} ${keyOf[scope.key](entry)} ${merchant(entry)}`,
    );
    return [...groups.values()].flatMap((group) => {
      const [first] = group;
      if (!first) return [];
      const { day } = first;
      const ids = { keyId: keyOf[scope.key](first), merchantId: merchant(first) };
      return [{ day, scope: scope.name, ...ids, measures: measuresOf(group) }];
    });
  });
}

/** Measures of a group of entries of one order. */
function measuresOf(group: readonly Entry[]): Measures {
  const sums = measureNames.map((name): [Measure, number] => {
    const { kind, of } = measures[name];
    const entries = group.filter((entry) => entry.kind === kind);
    if (of === "orders") return [name, entries.length > 0 ? 1 : 0];
    if (of !== "refs") return [name, entries.reduce((sum, entry) => sum + entry[of], 0)];
    const refs = entries.filter(({ amount, units }) => amount > 0 || units > 0).map(({ refId }) => refId);
    return [name, new Set(refs).size];
  });
  return Object.fromEntries(sums) as Measures;
}

function addUp(figures: readonly Figure[]): Figure[] {
  const sums = new Map<string, Figure>();
  for (const figure of figures) {
    const key = `${figure.day} ${rankOf(figure)} ${figure.keyId} ${figure.merchantId}`;
    const known = sums.get(key);
    sums.set(key, known ? { ...known, measures: plus(known.measures, figure.measures) } : figure);
  }
  // The shop's row of a day comes first: it serializes the changes of the day.
  return [...sums].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, figure]) => figure);
}

function rankOf({ scope }: Figure): number {
  return scope === "shop" ? 0 : scopes.findIndex(({ name }) => name === scope);
}

function plus(one: Measures, other: Measures): Measures {
  return Object.fromEntries(measureNames.map((name) => [name, one[name] + other[name]])) as Measures;
}

function negated(figure: Figure): Figure {
  const minus = measureNames.map((name): [string, number] => [name, -figure.measures[name]]);
  return { ...figure, measures: Object.fromEntries(minus) as Measures };
}
