import type { Database, Tx } from "../../../mixins/database/database.ts";

/** How many customers have a product in their favourites. */
export interface FavouriteCount {
  /** Of the product. */
  readonly id: string;
  readonly favourites: number;
  /** Grows with each change. */
  readonly version: number;
}

/** One row for each product that is or was a favourite; it changes with the favourites. */
export class CountRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Changes counts by one, in the transaction that adds or removes the favourites of one customer. */
  async change(productIds: readonly string[], by: 1 | -1, tx: Tx): Promise<number> {
    if (productIds.length === 0) return 0;
    const sql =
      "UPDATE favourite_counts SET favourites = favourites + ?, version = version + 1, is_told = 0 WHERE product_id IN (?)";
    return this.#database.execute(sql, [by, productIds], tx);
  }

  /** Counts one more favourite of a product, perhaps its first. */
  async increase(productId: string, tx: Tx): Promise<void> {
    if ((await this.change([productId], 1, tx)) === 1) return;
    const first = { product_id: productId, favourites: 1, version: 1, is_told: 0 };
    if (!(await this.#database.insertIfAbsent("favourite_counts", first, tx)))
      await this.change([productId], 1, tx);
  }

  /** Counts that changed since they were published, locked until the transaction ends. */
  async untold(limit: number, tx: Tx): Promise<FavouriteCount[]> {
    const sql = `SELECT product_id AS id, favourites, version FROM favourite_counts WHERE is_told = 0
      ORDER BY product_id LIMIT ?${this.#database.forUpdate}`;
    return this.#database.select<FavouriteCount>(sql, [limit], tx);
  }

  async markTold(productIds: readonly string[], tx: Tx): Promise<void> {
    const sql = "UPDATE favourite_counts SET is_told = 1 WHERE product_id IN (?)";
    await this.#database.execute(sql, [productIds], tx);
  }

  /**
   * Scans the next counts by product for wrong ones.
   *
   * @returns their products and the last one scanned; undefined at the end
   */
  async miscounted(after: string, limit: number): Promise<{ ids: string[]; last: string | undefined }> {
    const sql = `SELECT c.product_id AS id, c.favourites,
        (SELECT COUNT(*) FROM favourites f WHERE f.product_id = c.product_id) AS counted
      FROM favourite_counts c WHERE c.product_id > ? ORDER BY c.product_id LIMIT ?`;
    type Scanned = { id: string; favourites: number; counted: number };
    const rows = await this.#database.select<Scanned>(sql, [after, limit]);
    const wrong = rows.filter(({ favourites, counted }) => favourites !== counted);
    return { ids: wrong.map(({ id }) => id), last: rows.length < limit ? undefined : rows.at(-1)?.id };
  }

  /**
   * Scans the next products with favourites for those without a count.
   *
   * @returns these, and the last one scanned; undefined at the end
   */
  async uncounted(after: string, limit: number): Promise<{ ids: string[]; last: string | undefined }> {
    const rows = await this.#database.select<{ id: string }>(
      "SELECT DISTINCT product_id AS id FROM favourites WHERE product_id > ? ORDER BY product_id LIMIT ?",
      [after, limit],
    );
    const ids = rows.map(({ id }) => id);
    const counted = await this.#database.select<{ id: string }>(
      "SELECT product_id AS id FROM favourite_counts WHERE product_id IN (?)",
      [ids.length === 0 ? [""] : ids],
    );
    const known = new Set(counted.map(({ id }) => id));
    return {
      ids: ids.filter((id) => !known.has(id)),
      last: ids.length < limit ? undefined : ids.at(-1),
    };
  }

  /** Recounts a product's favourites under a lock, which holds changes back. @returns false when it was right */
  async recount(productId: string, tx: Tx): Promise<boolean> {
    const none = { product_id: productId, favourites: 0, version: 0, is_told: 0 };
    await this.#database.insertIfAbsent("favourite_counts", none, tx);
    const lock = `SELECT product_id FROM favourite_counts WHERE product_id = ?${this.#database.forUpdate}`;
    await this.#database.select(lock, [productId], tx);
    const count = "SELECT COUNT(*) AS n FROM favourites WHERE product_id = ?";
    const [row] = await this.#database.select<{ n: number }>(count, [productId], tx);
    const counted = row?.n ?? 0;
    const sql =
      "UPDATE favourite_counts SET favourites = ?, version = version + 1, is_told = 0 WHERE product_id = ? AND favourites <> ?";
    return (await this.#database.execute(sql, [counted, productId, counted], tx)) === 1;
  }
}
