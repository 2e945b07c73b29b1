import type { Page, PageRequest } from "../../../mixins/contract/paging.ts";
import type { Database, SqlValue, Tx } from "../../../mixins/database/database.ts";
import { readKeysetPage } from "../../../mixins/database/query/keyset-page.ts";
import { selectWhereIn } from "./batch-statements.ts";
import type { ProductFilter } from "./product-filters.ts";
import { productConditions, selectiveFiltersOf } from "./product-filters.ts";
import { unlessTaken } from "../../../mixins/database/unless-taken.ts";
import { insertRows } from "../../../mixins/database/query/insert-rows.ts";

/** Products that a search shows first, in order. Times are milliseconds since the Unix epoch. */
export interface Pin {
  readonly id: string;
  /** Folded. */
  readonly query: string;
  readonly productIds: readonly string[];
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

type PinRow = { id: string; query: string; version: number; created_at: number; updated_at: number };

export const maxPins = 1000;
const columns = "id, query, version, created_at, updated_at";

export class PinRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The products that are pinned to a folded search and pass the filter, in order. */
  async productsOf(query: string, narrowed: Omit<ProductFilter, "matching">): Promise<string[]> {
    const filter = { ...narrowed, matching: [] };
    const conditions = Object.entries(productConditions(filter)).flatMap(([sql, value]) =>
      value === undefined ? [] : [{ sql, values: [value] as readonly SqlValue[] }],
    );
    const filters = selectiveFiltersOf(filter, this.#database, { withPrices: true }).map(
      ({ predicate, predicateValues }) => ({ sql: `(${predicate})`, values: predicateValues }),
    );
    const all = [...conditions, ...filters];
    const { straightJoin } = this.#database;
    const rows = await this.#database.select<{ id: string }>(
      `SELECT p.id FROM search_pins s ${straightJoin} search_pin_products n ON n.pin_id = s.id
         ${straightJoin} products p ON p.id = n.product_id
       WHERE ${["s.query = ?", ...all.map(({ sql }) => sql)].join(" AND ")} ORDER BY n.position`,
      [query, ...all.flatMap(({ values }) => values)],
    );
    return rows.map(({ id }) => id);
  }

  async list(request: PageRequest): Promise<Page<Pin>> {
    const page = await readKeysetPage<PinRow, Pin>(this.#database, {
      columns,
      from: "search_pins",
      where: {},
      sortColumns: { query: "query" },
      request,
      present: fromRow,
    });
    const products = await this.#productsByPin(page.items.map(({ id }) => id));
    return { ...page, items: page.items.map((pin) => ({ ...pin, productIds: products.get(pin.id) ?? [] })) };
  }

  async isFull(tx: Tx): Promise<boolean> {
    const sql = "SELECT COUNT(*) AS total FROM search_pins";
    const [row] = await this.#database.select<{ total: number }>(sql, [], tx);
    return (row?.total ?? 0) >= maxPins;
  }

  /** Reads a pin and locks it until the transaction ends. */
  async lock(id: string, tx: Tx): Promise<Pin | undefined> {
    const sql = `SELECT ${columns} FROM search_pins WHERE id = ?${this.#database.forUpdate}`;
    const [row] = await this.#database.select<PinRow>(sql, [id], tx);
    if (!row) return undefined;
    const products = await this.#productsByPin([id], tx);
    return { ...fromRow(row), productIds: products.get(id) ?? [] };
  }

  /** @returns false, without a change, when the search has a pin */
  async insert({ id, query, productIds, version, createdAt, updatedAt }: Pin, tx: Tx): Promise<boolean> {
    const row = { id, query, version, created_at: createdAt, updated_at: updatedAt };
    if (!(await this.#database.insertIfAbsent("search_pins", row, tx))) return false;
    await insertRows(this.#database, "search_pin_products", productRows(id, productIds), tx);
    return true;
  }

  /**
   * @param pin locked before
   * @returns false, without a change, when another pin has the search
   */
  async update({ id, query, productIds, version, updatedAt }: Pin, tx: Tx): Promise<boolean> {
    const changed = await unlessTaken(() =>
      this.#database.execute(
        "UPDATE search_pins SET query = ?, version = ?, updated_at = ? WHERE id = ?",
        [query, version, updatedAt, id],
        tx,
      ),
    );
    if (changed === "taken") return false;
    await this.#database.execute("DELETE FROM search_pin_products WHERE pin_id = ?", [id], tx);
    await insertRows(this.#database, "search_pin_products", productRows(id, productIds), tx);
    return true;
  }

  async remove(id: string, tx: Tx): Promise<void> {
    await this.#database.execute("DELETE FROM search_pin_products WHERE pin_id = ?", [id], tx);
    await this.#database.execute("DELETE FROM search_pins WHERE id = ?", [id], tx);
  }

  async #productsByPin(ids: readonly string[], tx?: Tx): Promise<ReadonlyMap<string, string[]>> {
    const rows = await selectWhereIn<{ pin_id: string; product_id: string; position: number }>(
      this.#database,
      "SELECT pin_id, product_id, position FROM search_pin_products WHERE pin_id IN (?)",
      [ids],
      tx,
    );
    const byPin = Map.groupBy(
      rows.toSorted((one, other) => one.position - other.position),
      (row) => row.pin_id,
    );
    return new Map([...byPin].map(([id, its]) => [id, its.map((row) => row.product_id)]));
  }
}

function productRows(pinId: string, productIds: readonly string[]) {
  return productIds.map((productId, position) => ({ pin_id: pinId, product_id: productId, position }));
}

function fromRow({ created_at, updated_at, ...same }: PinRow): Pin {
  return { ...same, productIds: [], createdAt: created_at, updatedAt: updated_at };
}
