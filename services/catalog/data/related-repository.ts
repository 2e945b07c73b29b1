import type { Database, Tx } from "../../../mixins/database/database.ts";
import { insertRows } from "../../../mixins/database/query/insert-rows.ts";
import type { Basket, PairScore } from "../domain/bought-together.ts";
import { selectWhereIn } from "./batch-statements.ts";
import { mayBeSold } from "./merchant-copies.ts";

/** An order of several variants, to be counted. `placedAt` in milliseconds since the Unix epoch. */
export interface NewBasket {
  readonly orderId: string;
  readonly variantIds: readonly string[];
  readonly placedAt: number;
}

/** Products that others refer to: those that staff chose, and those that were bought together with it. */
export class RelatedRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** In the order of staff; their number is limited. */
  async chosen(productId: string, tx?: Tx): Promise<string[]> {
    const rows = await this.#database.select<{ related_id: string }>(
      "SELECT related_id FROM related_products WHERE product_id = ? ORDER BY position",
      [productId],
      tx,
    );
    return rows.map((row) => row.related_id);
  }

  /** Replaces the related products, which exist. */
  async choose(productId: string, relatedIds: readonly string[], tx: Tx): Promise<void> {
    await this.#database.execute("DELETE FROM related_products WHERE product_id = ?", [productId], tx);
    const rows = relatedIds.map((relatedId, position) => ({
      product_id: productId,
      related_id: relatedId,
      position,
    }));
    await insertRows(this.#database, "related_products", rows, tx);
  }

  /** The published products that were bought together with it most. */
  async boughtTogether(productId: string, limit: number): Promise<string[]> {
    const rows = await this.#database.select<{ other_id: string }>(
      `SELECT b.other_id FROM product_pairs b ${this.#database.straightJoin} products p ON p.id = b.other_id
       WHERE b.product_id = ? AND p.status = 'published' AND ${mayBeSold}
       ORDER BY b.score DESC, b.other_id DESC LIMIT ?`,
      [productId, "active", limit],
    );
    return rows.map((row) => row.other_id);
  }

  async addBaskets(baskets: readonly NewBasket[], tx: Tx): Promise<void> {
    const rows = baskets.map(({ orderId, variantIds, placedAt }) => ({
      order_id: orderId,
      variant_ids: JSON.stringify(variantIds),
      placed_at: placedAt,
    }));
    await insertRows(this.#database, "baskets", rows, tx);
  }

  /** Takes some baskets out of the table, for counting in the same transaction. */
  async takeBaskets(limit: number, tx: Tx): Promise<Basket[]> {
    const rows = await this.#database.select<{ order_id: string; variant_ids: string; placed_at: number }>(
      `SELECT order_id, variant_ids, placed_at FROM baskets ORDER BY order_id LIMIT ?${this.#database.forUpdate}`,
      [limit],
      tx,
    );
    if (rows.length === 0) return [];
    await this.#database.execute(
      "DELETE FROM baskets WHERE order_id IN (?)",
      [rows.map((row) => row.order_id)],
      tx,
    );
    const baskets = rows.map((row) => ({
      variantIds: JSON.parse(row.variant_ids) as string[],
      placedAt: row.placed_at,
    }));
    const variants = await selectWhereIn<{ id: string; product_id: string }>(
      this.#database,
      "SELECT id, product_id FROM variants WHERE id IN (?)",
      [[...new Set(baskets.flatMap(({ variantIds }) => variantIds))]],
      tx,
    );
    const products = new Map(variants.map((variant) => [variant.id, variant.product_id]));
    return baskets.map(({ variantIds, placedAt }) => ({
      productIds: variantIds.flatMap((id) => products.get(id) ?? []),
      placedAt,
    }));
  }

  /** Adds to the scores, and keeps the best `limit` of each product. */
  async addScores(pairs: readonly PairScore[], limit: number, tx: Tx): Promise<void> {
    const productIds = [...new Set(pairs.map(({ productId }) => productId))];
    const known = await selectWhereIn<{ product_id: string; other_id: string; score: number }>(
      this.#database,
      `SELECT product_id, other_id, score FROM product_pairs WHERE product_id IN (?)
       ORDER BY product_id, other_id${this.#database.forUpdate}`,
      [productIds],
      tx,
    );
    const scores = new Map(known.map((row) => [`${row.product_id} ${row.other_id}`, row]));
    for (const { productId, otherId, score } of pairs) {
      const key = `${productId} ${otherId}`;
      const total = (scores.get(key)?.score ?? 0) + score;
      scores.set(key, { product_id: productId, other_id: otherId, score: total });
    }
    const best = [...Map.groupBy(scores.values(), (row) => row.product_id).values()].flatMap((rows) =>
      rows.toSorted((one, other) => other.score - one.score).slice(0, limit),
    );
    await this.#database.execute("DELETE FROM product_pairs WHERE product_id IN (?)", [productIds], tx);
    await insertRows(this.#database, "product_pairs", best, tx);
  }
}
