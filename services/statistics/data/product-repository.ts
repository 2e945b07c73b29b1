import type { Database, Tx } from "../../../mixins/database/database.ts";

/** What an event told of a product; undefined for what it did not tell. */
export interface ProductNews {
  readonly productId: string;
  readonly name?: string | undefined;
  /** Empty for none. */
  readonly categoryId?: string | undefined;
  /** Id of the event: of two, the greater tells the later state. */
  readonly eventId: string;
}

/** Names and categories of products, copied from the catalogue's events. */
export class ProductRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Stores news unless later ones are stored. */
  async put(news: readonly ProductNews[], tx: Tx): Promise<void> {
    const byProduct = Map.groupBy(
      news.toSorted((one, other) => (one.eventId < other.eventId ? -1 : 1)),
      ({ productId }) => productId,
    );
    const rows = [...byProduct]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([productId, all]) => {
        const name = all.findLast((one) => one.name !== undefined);
        const category = all.findLast((one) => one.categoryId !== undefined);
        return {
          product_id: productId,
          name: name?.name ?? "",
          name_event: name?.eventId ?? "",
          category_id: category?.categoryId ?? "",
          category_event: category?.eventId ?? "",
        };
      });
    await this.#database.upsert(
      {
        table: "products",
        key: ["product_id"],
        set: {
          name: { newerBy: "name_event" },
          name_event: "greatest",
          category_id: { newerBy: "category_event" },
          category_event: "greatest",
        },
      },
      rows,
      tx,
    );
  }

  /** Categories by product; empty for none. */
  async categoriesOf(productIds: readonly string[], tx: Tx): Promise<Map<string, string>> {
    if (productIds.length === 0) return new Map();
    const rows = await this.#database.select<{ id: string; category: string }>(
      "SELECT product_id AS id, category_id AS category FROM products WHERE product_id IN (?)",
      [[...new Set(productIds)]],
      tx,
    );
    return new Map(rows.map(({ id, category }) => [id, category]));
  }

  async namesOf(productIds: readonly string[]): Promise<Map<string, string>> {
    if (productIds.length === 0) return new Map();
    const rows = await this.#database.select<{ id: string; name: string }>(
      "SELECT product_id AS id, name FROM products WHERE product_id IN (?)",
      [productIds],
    );
    return new Map(rows.map(({ id, name }) => [id, name]));
  }
}
