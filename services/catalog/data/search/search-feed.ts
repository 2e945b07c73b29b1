import { newId } from "../../../../mixins/contract/ids.ts";
import type { Database, Tx } from "../../../../mixins/database/database.ts";
import { insertRows } from "../../../../mixins/database/query/insert-rows.ts";
import { selectWhereIn } from "../batch-statements.ts";

/** A product to be sent to the search engine. */
export interface Marked {
  readonly productId: string;
  /** Differs for each change. */
  readonly mark: string;
}

/**
 * Products that changed, each once. Their rows stay for a day after they were sent, so that an index that was
 * being built meanwhile gets them too.
 */
export class SearchFeed {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Marks products to be sent, again if they were. */
  async mark(productIds: readonly string[], now: number, tx: Tx): Promise<void> {
    if (productIds.length === 0) return;
    // In a fixed order, so that concurrent writers wait instead of deadlocking.
    const sorted = [...new Set(productIds)].toSorted();
    const mark = newId();
    const rows = sorted.map((id) => ({ product_id: id, mark, is_sent: 0, marked_at: now }));
    await insertRows(this.#database, "search_feed", rows, tx, { unlessKnown: true });
    await this.#database.execute(
      "UPDATE search_feed SET mark = ?, is_sent = 0, marked_at = ? WHERE product_id IN (?)",
      [mark, now, sorted],
      tx,
    );
  }

  /** Marks the products of variants. */
  async markVariants(variantIds: readonly string[], now: number, tx: Tx): Promise<void> {
    const rows = await selectWhereIn<{ product_id: string }>(
      this.#database,
      "SELECT product_id FROM variants WHERE id IN (?)",
      [variantIds],
      tx,
    );
    await this.mark(
      rows.map((row) => row.product_id),
      now,
      tx,
    );
  }

  /** The products that wait, longest first. */
  async waiting(limit: number, tx: Tx): Promise<Marked[]> {
    const rows = await this.#database.select<{ product_id: string; mark: string }>(
      "SELECT product_id, mark FROM search_feed WHERE is_sent = 0 ORDER BY marked_at LIMIT ?",
      [limit],
      tx,
    );
    return rows.map((row) => ({ productId: row.product_id, mark: row.mark }));
  }

  /**
   * Notes that products were sent. One that was marked anew is sent again, even if another node has done that:
   * this node's older copy may have arrived last.
   */
  async sent(marked: readonly Marked[], tx: Tx): Promise<void> {
    const marks = new Map(marked.map(({ productId, mark }) => [productId, mark]));
    const rows = await selectWhereIn<{ product_id: string; mark: string }>(
      this.#database,
      `SELECT product_id, mark FROM search_feed WHERE product_id IN (?) ORDER BY product_id${this.#database.forUpdate}`,
      [[...marks.keys()]],
      tx,
    );
    for (const isSent of [true, false]) {
      const ids = rows.filter((row) => (marks.get(row.product_id) === row.mark) === isSent);
      if (ids.length > 0)
        await this.#database.execute(
          "UPDATE search_feed SET is_sent = ? WHERE product_id IN (?)",
          [Number(isSent), ids.map((row) => row.product_id)],
          tx,
        );
    }
  }

  /**
   * Marks the next products by id again.
   *
   * @returns the last one's id; undefined at the end
   */
  async markAgain(after: string, limit: number, now: number, tx: Tx): Promise<string | undefined> {
    const rows = await this.#database.select<{ product_id: string }>(
      "SELECT product_id FROM search_feed WHERE product_id > ? ORDER BY product_id LIMIT ?",
      [after, limit],
      tx,
    );
    await this.mark(
      rows.map((row) => row.product_id),
      now,
      tx,
    );
    return rows.at(-1)?.product_id;
  }

  /** Forgets products that were sent, and marked before a time. @returns their number */
  async forget(before: number, limit: number, tx: Tx): Promise<number> {
    const rows = await this.#database.select<{ product_id: string }>(
      `SELECT product_id FROM search_feed WHERE is_sent = 1 AND marked_at < ? ORDER BY marked_at LIMIT ?${this.#database.forUpdate}`,
      [before, limit],
      tx,
    );
    if (rows.length > 0)
      await this.#database.execute(
        "DELETE FROM search_feed WHERE is_sent = 1 AND product_id IN (?)",
        [rows.map((row) => row.product_id)],
        tx,
      );
    return rows.length;
  }
}
