import type { EventPayload } from "../../../mixins/contract/calls.ts";
import type { Tx } from "../../../mixins/database/database.ts";
import type { EventEnvelope } from "../../../mixins/events/envelope.ts";
import type { Entry, Goods, Moment } from "../domain/sales-ledger.ts";
import {
  noGoods,
  sumGoods,
  withPlacement,
  withRefund,
  withReturn,
  withStep,
} from "../domain/sales-ledger.ts";
import { markLate } from "../late-days.ts";
import type { StatisticsDependencies } from "../statistics.dependencies.ts";
import { onBatch } from "../statistics.dependencies.ts";

const consumed = [
  "orders.placed",
  "orders.paid",
  "orders.cancelled",
  "orders.expired",
  "orders.refunded",
  "orders.refund-failed",
  "orders.returned",
] as const;

type Consumed = (typeof consumed)[number];
type Event = { [N in Consumed]: EventEnvelope<N> }[Consumed];
type Ledger = readonly Entry[];

/**
 * Counts the sales of a batch of events: their orders' ledgers are locked, changed, and what that changes is added to
 * the figures, in one statement. Events may arrive in any order.
 */
export const countSales = onBatch(consumed, async (batch, tx, dependencies) => {
  const events = batch as readonly Event[];
  const { sales, calendar } = dependencies;
  const today = calendar.dayOf(Math.max(...events.map(({ occurredAt }) => occurredAt)));
  const categories = await categoriesFor(events, tx, dependencies);
  const before = await sales.lock(
    events.map(({ payload }) => payload.orderId),
    today,
    tx,
  );
  const after = new Map(before);
  for (const event of events) {
    const { orderId } = event.payload;
    const at = { happenedAt: event.occurredAt, day: calendar.dayOf(event.occurredAt) };
    after.set(orderId, apply(event, after.get(orderId) ?? [], at, categories));
  }
  await sales.save(
    [...before].map(([orderId, ledger]) => ({
      orderId,
      before: ledger,
      after: after.get(orderId) ?? ledger,
    })),
    tx,
  );
  await markLate(
    events.map(({ occurredAt }) => calendar.dayOf(occurredAt)),
    tx,
    dependencies,
  );
});

/** The categories of what the events sold or brought back. */
async function categoriesFor(
  events: readonly Event[],
  tx: Tx,
  { products }: StatisticsDependencies,
): Promise<ReadonlyMap<string, string>> {
  const lines = events.flatMap(({ name, payload }) =>
    name === "orders.placed" || name === "orders.returned" ? payload.lines : [],
  );
  return products.categoriesOf(
    lines.flatMap(({ productId }) => (productId === undefined ? [] : [productId])),
    tx,
  );
}

function apply(
  { name, payload }: Event,
  ledger: Ledger,
  at: Moment,
  categories: ReadonlyMap<string, string>,
): Ledger {
  const { orderId } = payload;
  switch (name) {
    case "orders.placed":
      return withPlacement(ledger, orderId, goodsOf(payload, categories), at);
    case "orders.paid":
      return withStep(ledger, orderId, "paid", at);
    case "orders.cancelled":
      return withStep(ledger, orderId, "cancelled", at);
    case "orders.expired":
      return withStep(ledger, orderId, "expired", at);
    case "orders.refunded":
      // Its money paid for no order.
      if (payload.refund.cause === "late-payment") return ledger;
      return withRefund(ledger, orderId, payload.refund.id, amountsOf(payload), at);
    case "orders.refund-failed":
      if (payload.refund.cause === "late-payment") return ledger;
      return withRefund(ledger, orderId, payload.refund.id, none(amountsOf(payload)), at);
    case "orders.returned":
      return withReturn(ledger, orderId, payload.returnId, returnedGoods(payload, ledger, categories), at);
  }
}

/** Goods by product, and shipping by merchant; of events that tell no parts, all shipping is the shop's. */
function goodsOf(
  { lines, parts, total }: EventPayload<"orders.placed">,
  categories: ReadonlyMap<string, string>,
): Goods[] {
  const goods = lines.map(({ productId = "", merchantId, quantity, unitPrice, discount }): Goods => ({
    productId,
    merchantId: merchantId ?? "",
    categoryId: categories.get(productId) ?? "",
    units: quantity,
    amount: quantity * (unitPrice?.amount ?? 0),
    discount: discount?.amount ?? 0,
    shipping: 0,
  }));
  const worth = goods.reduce((sum, { amount, discount }) => sum + amount - discount, 0);
  const shipping = parts?.map(({ merchantId, shipping: { amount } }) => ({
    merchantId: merchantId ?? "",
    shipping: amount,
  })) ?? [{ merchantId: "", shipping: total.amount - worth }];
  const shipped = shipping.filter((part) => part.shipping !== 0);
  return sumGoods([...goods, ...shipped.map((part): Goods => ({ ...noGoods, ...part }))]);
}

/** A refund's shares by merchant; of events that tell none, it is the shop's. */
function amountsOf({ refund, parts }: EventPayload<"orders.refunded">): Map<string, number> {
  const shares = parts ?? [{ merchantId: null, amount: refund.amount }];
  const amounts = new Map<string, number>();
  for (const { merchantId, amount } of shares) {
    const merchant = merchantId ?? "";
    amounts.set(merchant, (amounts.get(merchant) ?? 0) + amount.amount);
  }
  return amounts;
}

function none(amounts: ReadonlyMap<string, number>): Map<string, number> {
  return new Map([...amounts.keys()].map((merchantId) => [merchantId, 0]));
}

/** Goods count for the category in which they were sold, if that is known. */
function returnedGoods(
  { lines, refund }: EventPayload<"orders.returned">,
  ledger: Ledger,
  categories: ReadonlyMap<string, string>,
): Goods[] {
  const told = lines.every((line) => line.refund !== undefined);
  const goods = lines.map(({ productId = "", merchantId, quantity, refund: part }, index): Goods => {
    const sold = ledger.find((entry) => entry.productId === productId && productId !== "");
    const amount = told ? (part?.amount ?? 0) : index === 0 ? refund.amount : 0;
    return {
      ...noGoods,
      productId,
      merchantId: merchantId ?? "",
      categoryId: sold?.categoryId ?? categories.get(productId) ?? "",
      units: quantity,
      amount,
    };
  });
  return sumGoods(goods);
}
