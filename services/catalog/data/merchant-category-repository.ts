import type { Texts } from "../../../mixins/contract/texts.ts";
import type { Database, Tx } from "../../../mixins/database/database.ts";
import { insertRows } from "../../../mixins/database/query/insert-rows.ts";
import { parsed, written } from "./json-column.ts";

/** A merchant's own category. Times are milliseconds since the Unix epoch. */
export interface MerchantCategory {
  readonly id: string;
  readonly merchantId: string;
  readonly parentId: string | null;
  readonly name: string;
  readonly texts: Texts;
  readonly position: number;
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

type CategoryRow = {
  id: string;
  merchant_id: string;
  parent_id: string | null;
  name: string;
  texts: string | null;
  position: number;
  version: number;
  created_at: number;
  updated_at: number;
};

const columns = "id, merchant_id, parent_id, name, texts, position, version, created_at, updated_at";

/** Merchants' own categories, of which each has few. Those of one merchant change under `lockTree`. */
export class MerchantCategoryRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** All of a merchant. */
  async of(merchantId: string, tx?: Tx): Promise<MerchantCategory[]> {
    const sql = `SELECT ${columns} FROM merchant_categories WHERE merchant_id = ?`;
    return (await this.#database.select<CategoryRow>(sql, [merchantId], tx)).map(fromRow);
  }

  /** All categories of the merchant that has this one. */
  async treeWith(id: string): Promise<MerchantCategory[]> {
    const rows = await this.#database.select<CategoryRow>(
      `SELECT ${columns} FROM merchant_categories
       WHERE merchant_id = (SELECT merchant_id FROM merchant_categories WHERE id = ?)`,
      [id],
    );
    return rows.map(fromRow);
  }

  /**
   * Reads a merchant's categories; no other transaction changes them until this one ends.
   *
   * @param among merchants to look among; all when undefined
   * @returns undefined without the merchant
   */
  async lockTree(
    merchantId: string,
    tx: Tx,
    among: readonly string[] | undefined,
  ): Promise<MerchantCategory[] | undefined> {
    const own = among ? " AND id IN (?)" : "";
    const sql = `SELECT id FROM merchants WHERE id = ?${own}${this.#database.forUpdate}`;
    const found = await this.#database.select(sql, among ? [merchantId, among] : [merchantId], tx);
    return found.length === 0 ? undefined : this.of(merchantId, tx);
  }

  async insert(category: MerchantCategory, tx: Tx): Promise<void> {
    const { id, merchantId, createdAt } = category;
    const row = { ...changedRow(category), id, merchant_id: merchantId, created_at: createdAt };
    await this.#database.insertIfAbsent("merchant_categories", row, tx);
  }

  async update(category: MerchantCategory, tx: Tx): Promise<void> {
    const row = changedRow(category);
    const assignments = Object.keys(row).map((column) => `${column} = ?`);
    const sql = `UPDATE merchant_categories SET ${assignments.join(", ")} WHERE id = ?`;
    await this.#database.execute(sql, [...Object.values(row), category.id], tx);
  }

  async remove(id: string, tx: Tx): Promise<void> {
    await this.#database.execute("DELETE FROM merchant_category_products WHERE category_id = ?", [id], tx);
    await this.#database.execute("DELETE FROM merchant_categories WHERE id = ?", [id], tx);
  }

  /** Ids of the categories that a product is in. */
  async ofProduct(productId: string, tx: Tx): Promise<string[]> {
    const sql =
      "SELECT category_id AS id FROM merchant_category_products WHERE product_id = ? ORDER BY category_id";
    return (await this.#database.select<{ id: string }>(sql, [productId], tx)).map(({ id }) => id);
  }

  /** Puts a locked product into exactly these categories, which exist. */
  async put(productId: string, ids: readonly string[], tx: Tx): Promise<void> {
    await this.#database.execute(
      "DELETE FROM merchant_category_products WHERE product_id = ?",
      [productId],
      tx,
    );
    const rows = ids.map((id) => ({ category_id: id, product_id: productId }));
    await insertRows(this.#database, "merchant_category_products", rows, tx);
  }
}

function changedRow({ parentId, name, texts, position, version, updatedAt }: MerchantCategory) {
  return { parent_id: parentId, name, texts: written(texts), position, version, updated_at: updatedAt };
}

function fromRow(row: CategoryRow): MerchantCategory {
  const { id, name, position, version } = row;
  return {
    id,
    name,
    position,
    version,
    merchantId: row.merchant_id,
    parentId: row.parent_id,
    texts: parsed(row.texts, {}),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
