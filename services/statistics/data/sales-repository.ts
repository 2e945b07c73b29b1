import type { Database, Tx } from "../../../mixins/database/database.ts";
import type { Upsert } from "../../../mixins/database/query/upsert.ts";
import type { Day } from "../domain/day.ts";
import { measureNames, measuresSql, scopes } from "../domain/measures.ts";
import type { Entry, Figure } from "../domain/sales-ledger.ts";
import { difference } from "../domain/sales-ledger.ts";

type EntryRow = Omit<
  Entry,
  "orderId" | "refId" | "productId" | "merchantId" | "categoryId" | "happenedAt"
> & {
  order_id: string;
  ref_id: string;
  product_id: string;
  merchant_id: string;
  category_id: string;
  happened_at: number;
};

/** An order's ledger, before and after a change. */
export interface LedgerChange {
  readonly orderId: string;
  readonly before: readonly Entry[];
  readonly after: readonly Entry[];
}

const entryColumns =
  "order_id, kind, ref_id, product_id, merchant_id, category_id, day, happened_at, units, amount, discount, shipping";

const addingUp: Upsert = {
  table: "sales_days",
  key: ["day", "scope", "key_id", "merchant_id"],
  set: Object.fromEntries(measureNames.map((name) => [name, "add"])),
};

/** The ledger of sales, and the figures of each day, which are its sums at every commit. */
export class SalesRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The orders' ledgers, locked until the transaction ends; empty ones for orders that are new. */
  async lock(orderIds: readonly string[], today: Day, tx: Tx): Promise<Map<string, readonly Entry[]>> {
    const ids = [...new Set(orderIds)].sort();
    await this.#database.upsert(
      { table: "sales_orders", key: ["order_id"], set: { touched_day: "greatest" } },
      ids.map((id) => ({ order_id: id, touched_day: today })),
      tx,
    );
    const ledgers = new Map<string, readonly Entry[]>(ids.map((id) => [id, []]));
    for (const [id, entries] of Map.groupBy(await this.#entriesOf(ids, tx), ({ orderId }) => orderId))
      ledgers.set(id, entries);
    return ledgers;
  }

  async #entriesOf(orderIds: readonly string[], tx: Tx): Promise<Entry[]> {
    const rows = await this.#database.select<EntryRow>(
      `SELECT ${entryColumns} FROM sales_entries WHERE order_id IN (?)`,
      [orderIds],
      tx,
    );
    return rows.map(fromRow);
  }

  /** Saves changes of locked ledgers, and adds what they change to the figures. */
  async save(changes: readonly LedgerChange[], tx: Tx): Promise<void> {
    const changed = changes.filter(({ before, after }) => before !== after);
    const rewritten = changed.filter(({ before, after }) => before.some((entry) => !after.includes(entry)));
    if (rewritten.length > 0)
      await this.#database.execute(
        "DELETE FROM sales_entries WHERE order_id IN (?)",
        [rewritten.map(({ orderId }) => orderId)],
        tx,
      );
    const fresh = changed.flatMap((change) =>
      rewritten.includes(change)
        ? change.after
        : change.after.filter((entry) => !change.before.includes(entry)),
    );
    await this.#database.upsert(
      {
        table: "sales_entries",
        key: ["order_id", "kind", "ref_id", "product_id", "merchant_id"],
        set: { day: "replace" },
      },
      fresh.map(toRow),
      tx,
    );
    await this.#addUp(difference(changed), tx);
  }

  async #addUp(figures: readonly Figure[], tx: Tx): Promise<void> {
    const rows = figures.map(({ day, scope, keyId, merchantId, measures }) => ({
      day,
      scope: scope as string,
      key_id: keyId,
      merchant_id: merchantId,
      ...measures,
    }));
    await this.#database.upsert(addingUp, rows, tx);
  }

  /** Replaces the figures of a day by the sums of its entries. Events of the day wait meanwhile. */
  async recount(day: Day, tx: Tx): Promise<void> {
    const none = Object.fromEntries(measureNames.map((name) => [name, 0]));
    const lock = { day, scope: "shop", key_id: "", merchant_id: "*", ...none };
    await this.#database.upsert(addingUp, [lock], tx);
    await this.#database.execute("DELETE FROM sales_days WHERE day = ?", [day], tx);
    for (const { name, key, merchant, where } of scopes)
      await this.#database.execute(
        `INSERT INTO sales_days (day, scope, key_id, merchant_id, ${measureNames.join(", ")})
         SELECT day, '${name}', ${key} AS key_id, ${merchant} AS merchant, ${measuresSql}
         FROM sales_entries WHERE day = ? AND ${where} GROUP BY day, ${key}, ${merchant}`,
        [day],
        tx,
      );
  }

  /** Days with entries, from a day to another. */
  async days(from: Day, to: Day): Promise<Day[]> {
    const rows = await this.#database.select<{ day: Day }>(
      `SELECT DISTINCT day FROM sales_entries WHERE day BETWEEN ? AND ?
       UNION SELECT DISTINCT day FROM sales_days WHERE day BETWEEN ? AND ?`,
      [from, to, from, to],
    );
    return rows.map(({ day }) => day).sort();
  }

  /** Removes up to `limit` entries of days before a day, and orders without. @returns whether more are left */
  async removeBefore(day: Day, limit: number, tx: Tx): Promise<boolean> {
    const rows = await this.#database.select<{ order_id: string }>(
      "SELECT order_id FROM sales_entries WHERE day < ? ORDER BY day, order_id LIMIT ?",
      [day, limit],
      tx,
    );
    const orders = await this.#database.select<{ order_id: string }>(
      "SELECT order_id FROM sales_orders WHERE touched_day < ? ORDER BY touched_day LIMIT ?",
      [day, limit],
      tx,
    );
    if (rows.length > 0)
      await this.#database.execute(
        "DELETE FROM sales_entries WHERE order_id IN (?) AND day < ?",
        [rows.map(({ order_id: id }) => id), day],
        tx,
      );
    if (orders.length > 0)
      await this.#database.execute(
        "DELETE FROM sales_orders WHERE order_id IN (?) AND touched_day < ?",
        [orders.map(({ order_id: id }) => id), day],
        tx,
      );
    return rows.length === limit || orders.length === limit;
  }
}

function fromRow({
  order_id: orderId,
  ref_id: refId,
  product_id: productId,
  merchant_id: merchantId,
  category_id: categoryId,
  happened_at: happenedAt,
  ...same
}: EntryRow): Entry {
  return { ...same, orderId, refId, productId, merchantId, categoryId, happenedAt };
}

function toRow({ orderId, refId, productId, merchantId, categoryId, happenedAt, ...same }: Entry) {
  const ids = { order_id: orderId, ref_id: refId, product_id: productId };
  return {
    ...ids,
    merchant_id: merchantId,
    category_id: categoryId,
    happened_at: happenedAt,
    kind: same.kind as string,
    day: same.day,
    units: same.units,
    amount: same.amount,
    discount: same.discount,
    shipping: same.shipping,
  };
}
