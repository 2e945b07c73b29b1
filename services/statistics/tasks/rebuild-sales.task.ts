import { z } from "zod";
import { toTimestamp } from "../../../mixins/contract/fields.ts";
import { day } from "../contract/figures.ts";
import { addDays } from "../domain/day.ts";
import type { Known, Sale } from "../domain/reconcile.ts";
import { reconciled } from "../domain/reconcile.ts";
import type { StatisticsDependencies } from "../statistics.dependencies.ts";
import { task } from "../statistics.dependencies.ts";

const ordersPerBatch = 100;

/**
 * Compares the ledger with the orders that were placed in a period, a page at a time, and then recounts each day of
 * the period from the ledger. Events that arrive meanwhile are kept, and counted once.
 */
export const rebuildSales = task({
  kind: "rebuild-sales",
  params: z.strictObject({ from: day, to: day }),
  checkpoint: z.object({
    after: z.object({ placedAt: z.string(), orderId: z.string() }).optional(),
    /** The last day that was recounted; absent while orders are compared. */
    recounted: z.string().optional(),
    orders: z.int().default(0),
    corrected: z.int().default(0),
    days: z.int().default(0),
  }),

  async run({ params, checkpoint, call, commit }, dependencies) {
    const { calendar, sales, closedDays } = dependencies;
    const from = calendar.startOf(params.from);
    const before = calendar.startOf(addDays(params.to, 1));
    let done = checkpoint;
    while (done.recounted === undefined) {
      const readAt = Date.now();
      const bounds = { from: toTimestamp(from), before: toTimestamp(before) };
      const { items } = await call("orders.sales.list", {
        ...bounds,
        after: done.after,
        limit: ordersPerBatch,
      });
      const products = await productsOf(items, call);
      const last = items.at(-1);
      await commit(async (tx) => {
        await dependencies.products.put(products, tx);
        const categories = new Map(products.map(({ productId, categoryId }) => [productId, categoryId]));
        const corrected = await compare(items, { calendar, categories, readAt }, tx, dependencies);
        const placedAt = last?.steps.find(({ event }) => event === "placed")?.at;
        const isLast = items.length < ordersPerBatch || !last || placedAt === undefined;
        if (isLast && before >= (await closedDays.progress()).countedFrom)
          await closedDays.countFrom(from, tx);
        done = {
          ...checkpoint,
          orders: done.orders + items.length,
          corrected: done.corrected + corrected,
          ...(isLast
            ? { recounted: addDays(params.from, -1) }
            : { after: { placedAt, orderId: last.orderId } }),
        };
        return { done: done.orders, checkpoint: done };
      });
    }
    for (const counted of await sales.days(addDays(done.recounted, 1), params.to))
      await commit(async (tx) => {
        await sales.recount(counted, tx);
        await closedDays.markLate(counted, tx);
        done = { ...done, recounted: counted, days: done.days + 1 };
        return { done: done.orders, checkpoint: done };
      });
    const { orders, corrected, days } = done;
    return { ...params, orders, corrected, days };
  },
});

type Call = Parameters<Parameters<typeof task>[0]["run"]>[0]["call"];
type Tx = Parameters<StatisticsDependencies["sales"]["save"]>[1];

/** Names and categories of the sold products. Any event about a product tells a later state. */
async function productsOf(sold: readonly Sale[], call: Call) {
  const ids = new Set(sold.flatMap(({ lines }) => lines.map(({ productId }) => productId)));
  if (ids.size === 0) return [];
  const found = await call("catalog.products.names", { ids: [...ids].slice(0, 1000) });
  return found.map(({ id: productId, name, categoryId }) => ({
    productId,
    name,
    categoryId: categoryId ?? "",
    eventId: "0",
  }));
}

/** Corrects the orders' ledgers. @returns how many differed */
async function compare(
  found: readonly Sale[],
  known: Known,
  tx: Tx,
  { sales, calendar }: StatisticsDependencies,
): Promise<number> {
  if (found.length === 0) return 0;
  const ids = found.map(({ orderId }) => orderId);
  const ledgers = await sales.lock(ids, calendar.dayOf(known.readAt), tx);
  const changes = found.map((sale) => {
    const before = ledgers.get(sale.orderId) ?? [];
    return { orderId: sale.orderId, before, after: reconciled(before, sale, known) };
  });
  await sales.save(changes, tx);
  return changes.filter(({ before, after }) => before !== after).length;
}
