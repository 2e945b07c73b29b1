import { setTimeout as sleep } from "node:timers/promises";
import type { Result } from "../../mixins/contract/calls.ts";
import type { BookedOrder, Books } from "./books.ts";
import type { Catalogue, StockedVariant } from "./catalogue.ts";
import { forEachOf } from "./concurrency.ts";
import { noteOf } from "./replaying.ts";
import type { ShopClient, SignedIn } from "./shop-client.ts";

type Order = Result<"orders.get">;
type Stock = Result<"catalog.stock.get">;

/** The shop's figures for this run, in minor units of its currency. */
export interface ShopFigures {
  readonly orders: number;
  /** Σ subtotals − Σ refunds. */
  readonly revenue: number;
  /** On top of the goods, by the shop's own rule; the file knows nothing of it. */
  readonly shipping: number;
  readonly currency: string;
}

export interface Reconciliation {
  readonly shop: ShopFigures;
  /** Differences, one sentence each; empty when all agrees. */
  readonly differences: readonly string[];
}

export interface ReconcileOptions {
  readonly client: ShopClient;
  readonly staff: SignedIn;
  readonly runId: string;
  /** Lines read from the file. */
  readonly lines: number;
  readonly books: Books;
  readonly catalogue: Catalogue;
  readonly concurrency: number;
  /** Time limit for events after the last order. */
  readonly settleMs: number;
}

/** Reads the run's data through REST and compares it with the books. */
export async function reconcile(options: ReconcileOptions): Promise<Reconciliation> {
  const { books, lines } = options;
  const { orders, differences: ofOrders } = await settle(options.settleMs, () => compareOrders(options));
  const ofStock = await compareStock(options);
  const ofLines = books.lines === lines ? [] : [`${lines} lines were read, but ${books.lines} accounted for`];
  const ofFailures = books.failures.map(
    ({ row, invoice, why }) => `line ${row} (invoice ${invoice}): ${why}`,
  );
  const shop = figuresOf(orders);
  const ofRevenue =
    shop.revenue === books.revenue
      ? []
      : [`revenue is ${shop.revenue} in the shop and ${books.revenue} in the file`];
  return { shop, differences: [...ofLines, ...ofFailures, ...ofRevenue, ...ofOrders, ...ofStock] };
}

/** Compares again until there are no differences or the time is over. */
async function settle<T extends { readonly differences: readonly string[] }>(
  settleMs: number,
  compare: () => Promise<T>,
): Promise<T> {
  for (const deadline = Date.now() + settleMs; ; await sleep(500)) {
    const compared = await compare();
    if (compared.differences.length === 0 || Date.now() > deadline) return compared;
  }
}

async function compareOrders(options: ReconcileOptions): Promise<{ orders: Order[]; differences: string[] }> {
  const { books } = options;
  const orders = await ordersOfRun(options);
  const found = new Map(orders.map((order) => [order.id, order]));
  const missing = [...books.orders.keys()].filter((id) => !found.has(id));
  const differences = orders.flatMap((order) => differencesOf(order, books.orders.get(order.id)));
  return {
    orders,
    differences: [...missing.map((id) => `order ${id} is not in the shop's list`), ...differences],
  };
}

function differencesOf(order: Order, booked: BookedOrder | undefined): string[] {
  const name = `order ${order.number} (${order.note ?? order.id})`;
  if (!booked) return [`${name} was placed without this run knowing of it`];
  const { subtotal, refunded, status } = order;
  const ofLines = order.lines.reduce((sum, line) => sum + line.quantity * line.unitPrice.amount, 0);
  const faults: string[] = [];
  if (subtotal.amount !== booked.subtotal)
    faults.push(`subtotal ${subtotal.amount} instead of ${booked.subtotal}`);
  if (subtotal.amount !== ofLines)
    faults.push(`subtotal ${subtotal.amount}, but its lines come to ${ofLines}`);
  if (refunded.amount !== booked.refunded)
    faults.push(`refunded ${refunded.amount} instead of ${booked.refunded}`);
  if (status !== "paid" && status !== "returned") faults.push(`it is ${status}`);
  return faults.map((fault) => `${name}: ${fault}`);
}

/**
 * The orders that the run knows of, and those that bear its note without its knowing: placing one twice would show.
 */
async function ordersOfRun({ client, staff, runId, books, concurrency }: ReconcileOptions): Promise<Order[]> {
  const [firstId] = books.orders.keys();
  if (firstId === undefined) return [];
  const first = await client.call("orders.get", { id: firstId }, { as: staff });
  // Other requests may have started just before the first acknowledged one.
  const placedFrom = new Date(Date.parse(first.placedAt) - 60_000).toISOString();

  const ids: string[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await client.call(
      "orders.list",
      { placedFrom, sort: "placedAt", limit: 100, cursor },
      { as: staff },
    );
    ids.push(...page.items.map(({ id }) => id));
    if (page.nextCursor === null) break;
    cursor = page.nextCursor;
  }

  const orders: Order[] = [];
  await forEachOf(ids, concurrency, async (id) => {
    const order = await client.call("orders.get", { id }, { as: staff });
    if (books.orders.has(id) || order.note?.startsWith(noteOf(runId, ""))) orders.push(order);
  });
  return orders;
}

function figuresOf(orders: readonly Order[]): ShopFigures {
  const sum = (amount: (order: Order) => number) => orders.reduce((total, order) => total + amount(order), 0);
  return {
    orders: orders.length,
    revenue: sum(({ subtotal, refunded }) => subtotal.amount - refunded.amount),
    shipping: sum(({ shipping }) => shipping.amount),
    currency: orders[0]?.subtotal.currency ?? "",
  };
}

/** Events update the stock asynchronously, so differences are read again. */
async function compareStock(options: ReconcileOptions): Promise<string[]> {
  const { client, staff, catalogue, concurrency, settleMs } = options;
  let open: readonly StockedVariant[] = [...catalogue.values()];
  const { differences } = await settle(settleMs, async () => {
    const unequal = new Map<StockedVariant, string>();
    await forEachOf(open, concurrency, async (variant) => {
      const stock = await client.call("catalog.stock.get", { variantId: variant.id }, { as: staff });
      const faults = faultsOf(stock, variant, options.books);
      if (faults.length > 0) unequal.set(variant, `stock of ${variant.sku}: ${faults.join(", ")}`);
    });
    open = [...unequal.keys()];
    return { differences: [...unequal.values()] };
  });
  return differences;
}

/** Faults of a final stock account relative to its state before the run. */
function faultsOf(stock: Stock, { sku, stock: before }: StockedVariant, books: Books): string[] {
  const sold = before.sold + (books.sold.get(sku) ?? 0);
  const returned = before.returned + (books.takenBack.get(sku) ?? 0);
  const onHand = stock.received - stock.reserved - stock.sold + stock.returned;
  const faults: string[] = [];
  if (stock.onHand !== onHand) faults.push(`on hand ${stock.onHand}, but its account comes to ${onHand}`);
  if (stock.received !== before.received)
    faults.push(`received ${stock.received} instead of ${before.received}`);
  if (stock.sold !== sold) faults.push(`sold ${stock.sold} instead of ${sold}`);
  if (stock.returned !== returned) faults.push(`returned ${stock.returned} instead of ${returned}`);
  // Fewer than before are right: unpaid orders of others have expired meanwhile.
  if (stock.reserved > before.reserved) faults.push(`${stock.reserved - before.reserved} still reserved`);
  return faults;
}
