import type { Result } from "../../../mixins/contract/calls.ts";
import { allocate } from "../../../mixins/support/rounding.ts";
import type { Calendar } from "./day.ts";
import type { Entry, Goods, Moment } from "./sales-ledger.ts";
import { noGoods, sumGoods, withPlacement, withRefund, withReturn, withStep } from "./sales-ledger.ts";

/** An order as the orders service has it. */
export type Sale = Result<"orders.sales.list">["items"][number];

/** An event is published within a moment of what it tells; both are the same. */
const sameMs = 60_000;

export interface Known {
  readonly calendar: Calendar;
  /** Categories by product, for goods whose category at the time of sale is unknown. */
  readonly categories: ReadonlyMap<string, string>;
  /** When the sale was read: entries of later events are not contradicted by it. */
  readonly readAt: number;
}

/**
 * The ledger that an order should have. Times and categories that are known stay, so the same ledger is returned when
 * nothing differs.
 */
export function reconciled(ledger: readonly Entry[], sale: Sale, known: Known): readonly Entry[] {
  const { orderId } = sale;
  const expected = expectedLedger(ledger, sale, known);
  const isExpected = ({ kind, refId }: Entry) =>
    expected.some((entry) => entry.kind === kind && entry.refId === refId);
  const later = ledger.filter(
    (entry) => entry.happenedAt > known.readAt - sameMs && entry.orderId === orderId && !isExpected(entry),
  );
  const after = [...expected, ...later];
  return textOf(after) === textOf(ledger) ? ledger : after;
}

function expectedLedger(ledger: readonly Entry[], sale: Sale, known: Known): readonly Entry[] {
  const { orderId } = sale;
  const categoryOf = (productId: string) =>
    ledger.find((entry) => entry.productId === productId)?.categoryId ??
    known.categories.get(productId) ??
    "";
  const momentOf = (kind: Entry["kind"], refId: string, at: string): Moment => {
    const happenedAt = Date.parse(at);
    const told = ledger.find((entry) => entry.kind === kind && entry.refId === refId);
    if (told && Math.abs(told.happenedAt - happenedAt) <= sameMs) return told;
    return { happenedAt, day: known.calendar.dayOf(happenedAt) };
  };

  let expected: readonly Entry[] = [];
  for (const { event, at } of sale.steps) {
    const moment = pick(momentOf(event, "", at));
    expected =
      event === "placed"
        ? withPlacement(expected, orderId, goodsOf(sale, categoryOf), moment)
        : withStep(expected, orderId, event, moment);
  }
  for (const { refundId, at, parts } of sale.refunds) {
    const amounts = new Map<string, number>();
    for (const { merchantId, amount } of parts)
      amounts.set(merchantId ?? "", (amounts.get(merchantId ?? "") ?? 0) + amount);
    expected = withRefund(expected, orderId, refundId, amounts, pick(momentOf("refunded", refundId, at)));
  }
  for (const taken of sale.returns) {
    const told = ledger.filter(({ kind, refId }) => kind === "returned" && refId === taken.returnId);
    const goods = agrees(told, taken) ? told.map(goodsOfEntry) : returnedGoods(taken, categoryOf);
    const moment = pick(momentOf("returned", taken.returnId, taken.at));
    expected = withReturn(expected, orderId, taken.returnId, goods, moment);
  }
  return expected;
}

function goodsOf({ lines, shipping }: Sale, categoryOf: (productId: string) => string): Goods[] {
  const goods = lines.map(({ productId, merchantId, quantity, unitPrice, discount }): Goods => ({
    productId,
    merchantId: merchantId ?? "",
    categoryId: categoryOf(productId),
    units: quantity,
    amount: quantity * unitPrice,
    discount,
    shipping: 0,
  }));
  const shipped = shipping
    .filter(({ amount }) => amount !== 0)
    .map(({ merchantId, amount }): Goods => ({ ...noGoods, merchantId: merchantId ?? "", shipping: amount }));
  return sumGoods([...goods, ...shipped]);
}

/** The refund of a return by its goods is told by its event only; without that, it is shared by what they cost. */
function returnedGoods(
  { lines, refund }: Sale["returns"][number],
  categoryOf: (productId: string) => string,
): Goods[] {
  const worth = lines.map(({ quantity, unitPrice }) => quantity * unitPrice);
  const whole = worth.reduce((sum, one) => sum + one, 0);
  const shares = allocate(Math.min(refund, whole), worth);
  return sumGoods(
    lines.map(({ productId, merchantId, quantity }, index): Goods => ({
      ...noGoods,
      productId,
      merchantId: merchantId ?? "",
      categoryId: categoryOf(productId),
      units: quantity,
      amount: shares[index] ?? 0,
    })),
  );
}

function agrees(told: readonly Entry[], { lines, refund }: Sale["returns"][number]): boolean {
  const byProduct = (all: readonly { productId: string; merchantId: string | null; units: number }[]) =>
    sumGoods(all.map((one): Goods => ({ ...noGoods, ...one, merchantId: one.merchantId ?? "" })))
      .map(({ productId, merchantId, units }) => `${productId} ${merchantId} ${units}`)
      .sort()
      .join();
  return (
    told.reduce((sum, { amount }) => sum + amount, 0) === refund &&
    byProduct(told) ===
      byProduct(lines.map(({ productId, merchantId, quantity: units }) => ({ productId, merchantId, units })))
  );
}

function goodsOfEntry(entry: Entry): Goods {
  const { productId, merchantId, categoryId, units, amount, discount, shipping } = entry;
  return { productId, merchantId, categoryId, units, amount, discount, shipping };
}

function pick({ day, happenedAt }: Moment): Moment {
  return { day, happenedAt };
}

/** Entries in a fixed order, to compare ledgers. */
function textOf(ledger: readonly Entry[]): string {
  const texts = ledger.map((entry) => {
    const { orderId, kind, refId, day, happenedAt } = entry;
    return JSON.stringify({ orderId, kind, refId, day, happenedAt, ...goodsOfEntry(entry) });
  });
  return texts.sort().join();
}
