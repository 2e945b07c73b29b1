import { UniqueConstraintError } from "sequelize";
import type { Database, SqlValue, Tx } from "../../../mixins/database/database.ts";
import type { Change, Known, PlannedProduct, PlannedVariant } from "../domain/import-plan.ts";
import { nameKey, termsOf } from "../domain/search-terms.ts";
import type { ProductRow } from "./product-repository.ts";
import { productColumns, productFromRow } from "./product-repository.ts";
import type { VariantRow } from "./variant-repository.ts";
import { variantColumns, variantFromRow } from "./variant-repository.ts";

/** A product with everything that an export tells of it. */
export interface WholeProduct extends PlannedProduct {
  readonly categorySlug: string | null;
  readonly variants: readonly (PlannedVariant & { readonly onHand: number })[];
}

type Row = readonly Exclude<SqlValue, readonly unknown[]>[];

/** What databases take in one statement without complaint. */
const rowsPerInsert = 1000;

/** Somebody else has used a slug or a SKU since the batch looked; whoever looks again finds theirs. */
export class BatchOvertaken extends Error {
  override name = "BatchOvertaken";
}

/** Products and variants by the hundred, with a number of statements that does not depend on how many there are. */
export class BatchRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Reads what there is of these, and keeps the products and their variants as they are until the transaction ends. */
  async lock(slugs: readonly string[], skus: readonly string[], categorySlugs: readonly string[], tx: Tx): Promise<Known> {
    const ids = await this.#select<{ id: string }>(
      "SELECT id FROM products WHERE slug IN (?) UNION SELECT product_id AS id FROM variants WHERE sku IN (?)",
      [slugs.length > 0 ? slugs : [""], skus.length > 0 ? skus : [""]],
      tx,
    );
    // In the order of ids, as everyone who locks several.
    const products = await this.#select<ProductRow & { variant_count: number }>(
      `SELECT ${productColumns}, variant_count FROM products WHERE id IN (?) ORDER BY id${this.#database.forUpdate}`,
      [ids.map((row) => row.id)],
      tx,
    );
    const variants = await this.#select<VariantRow>(
      `SELECT ${variantColumns} FROM variants v WHERE v.sku IN (?)`,
      [skus],
      tx,
    );
    const categories = await this.#select<{ id: string; slug: string }>(
      `SELECT id, slug FROM categories WHERE slug IN (?) ORDER BY id${this.#database.forUpdate}`,
      [categorySlugs],
      tx,
    );
    const locked = new Set(products.map((product) => product.id));
    return {
      products: products.map(({ variant_count: variantCount, ...row }) => ({ ...productFromRow(row), variantCount })),
      // One that came up between the statements is met when it is in the way of an insert.
      variants: variants.filter((variant) => locked.has(variant.product_id)).map(variantFromRow),
      categories: new Map(categories.map((category) => [category.slug, category.id])),
    };
  }

  /**
   * Saves what has changed, and what is derived from it. New variants need their stock accounts besides.
   *
   * @throws BatchOvertaken when somebody else has used a slug or a SKU meanwhile; then the transaction must be given up
   */
  async save(products: readonly Change<PlannedProduct>[], variants: readonly Change<PlannedVariant>[], tx: Tx): Promise<void> {
    try {
      await this.#insert("products", newProductColumns, added(products).map(newProductRow), tx);
      await this.#insert("variants", newVariantColumns, added(variants).map(newVariantRow), tx);
    } catch (error) {
      if (error instanceof UniqueConstraintError) throw new BatchOvertaken("a slug or a SKU is taken");
      throw error;
    }
    await this.#update("products", changedProductColumns, changed(products).map(changedProductRow), tx);
    await this.#update("variants", changedVariantColumns, changed(variants).map(changedVariantRow), tx);

    const touched = new Set(products.map(({ after }) => after.id));
    for (const { after } of variants) touched.add(after.productId);
    await this.#deriveAgain([...touched], new Set(added(products).map((product) => product.id)), tx);
  }

  /** How many products there are. */
  async count(): Promise<number> {
    const [row] = await this.#database.select<{ total: number }>("SELECT COUNT(*) AS total FROM products");
    return row?.total ?? 0;
  }

  /** The next products in the order of their ids, whole. */
  async after(productId: string, limit: number): Promise<WholeProduct[]> {
    const products = await this.#database.select<ProductRow & { category_slug: string | null }>(
      `SELECT p.id, p.slug, p.name, p.description, p.status, p.category_id, p.version, p.created_at, p.updated_at,
         c.slug AS category_slug
       FROM products p LEFT JOIN categories c ON c.id = p.category_id WHERE p.id > ? ORDER BY p.id LIMIT ?`,
      [productId, limit],
    );
    const variants = await this.#select<VariantRow & { on_hand: number }>(
      `SELECT ${variantColumns}, s.on_hand FROM variants v JOIN stock s ON s.variant_id = v.id
       WHERE v.product_id IN (?) ORDER BY v.created_at, v.id`,
      [products.map((product) => product.id)],
    );
    const byProduct = Map.groupBy(variants, (variant) => variant.product_id);
    return products.map(({ category_slug: categorySlug, ...row }) => ({
      ...productFromRow(row),
      categorySlug,
      variants: (byProduct.get(row.id) ?? []).map((variant) => ({ ...variantFromRow(variant), onHand: variant.on_hand })),
    }));
  }

  /** What `ProductRepository.deriveAgain` does, for many. */
  async #deriveAgain(productIds: readonly string[], isNew: ReadonlySet<string>, tx: Tx): Promise<void> {
    const products = await this.#select<{ id: string; name: string; description: string }>(
      "SELECT id, name, description FROM products WHERE id IN (?)",
      [productIds],
      tx,
    );
    const variants = await this.#select<{ product_id: string; sku: string; price: number }>(
      "SELECT product_id, sku, price FROM variants WHERE product_id IN (?) ORDER BY sku",
      [productIds],
      tx,
    );
    const byProduct = Map.groupBy(variants, (variant) => variant.product_id);
    const derived = products.map(({ id }) => {
      const prices = (byProduct.get(id) ?? []).map((variant) => variant.price);
      return [id, prices.length === 0 ? 0 : Math.min(...prices), prices.length];
    });
    await this.#update("products", ["price_from", "variant_count"], derived, tx);

    const wanted = products.flatMap((product) => {
      const skus = (byProduct.get(product.id) ?? []).map((variant) => variant.sku);
      return termsOf(product, skus).map((term) => [product.id, term] as const);
    });
    await this.#replaceTerms(productIds.filter((id) => !isNew.has(id)), wanted, tx);
  }

  async #replaceTerms(known: readonly string[], wanted: readonly (readonly [string, string])[], tx: Tx): Promise<void> {
    const rows = await this.#select<{ product_id: string; term: string }>(
      "SELECT product_id, term FROM product_terms WHERE product_id IN (?)",
      [known],
      tx,
    );
    const key = (productId: string, term: string) => `${productId} ${term}`;
    const present = new Set(rows.map((row) => key(row.product_id, row.term)));
    const needed = new Set(wanted.map(([productId, term]) => key(productId, term)));
    const obsolete = Map.groupBy(
      rows.filter((row) => !needed.has(key(row.product_id, row.term))),
      (row) => row.product_id,
    );
    for (const [productId, terms] of obsolete)
      await this.#database.execute(
        "DELETE FROM product_terms WHERE product_id = ? AND term IN (?)",
        [productId, terms.map((row) => row.term)],
        tx,
      );
    const missing = wanted.filter(([productId, term]) => !present.has(key(productId, term)));
    await this.#insert("product_terms", ["product_id", "term"], missing, tx);
  }

  /** Rows in which a list is empty are none, and need not be asked for. */
  async #select<R extends object>(sql: string, values: readonly SqlValue[], tx?: Tx): Promise<R[]> {
    return values.some((value) => Array.isArray(value) && value.length === 0)
      ? []
      : this.#database.select<R>(sql, values, tx);
  }

  async #insert(table: string, columns: readonly string[], rows: readonly Row[], tx: Tx): Promise<void> {
    const marks = `(${columns.map(() => "?").join(", ")})`;
    for (let from = 0; from < rows.length; from += rowsPerInsert) {
      const some = rows.slice(from, from + rowsPerInsert);
      await this.#database.execute(
        `INSERT INTO ${table} (${columns.join(", ")}) VALUES ${some.map(() => marks).join(", ")}`,
        some.flat(),
        tx,
      );
    }
  }

  /** Sets the columns of each row; the first value of a row is its id. */
  async #update(table: string, columns: readonly string[], rows: readonly Row[], tx: Tx): Promise<void> {
    if (rows.length === 0) return;
    const whens = rows.map(() => "WHEN ? THEN ?").join(" ");
    const assignments = columns.map((column) => `${column} = CASE id ${whens} END`);
    const values = columns.flatMap((_column, index) => rows.flatMap((row) => [row[0] ?? "", row[index + 1] ?? null]));
    const ids = rows.map((row) => String(row[0]));
    await this.#database.execute(`UPDATE ${table} SET ${assignments.join(", ")} WHERE id IN (?)`, [...values, ids], tx);
  }
}

const changedProductColumns = ["name", "name_key", "description", "status", "category_id", "version", "updated_at"];
const newProductColumns = ["id", ...changedProductColumns, "slug", "price_from", "variant_count", "created_at"];
const changedVariantColumns = ["options", "price", "weight_grams", "version", "updated_at"];
const newVariantColumns = ["id", ...changedVariantColumns, "product_id", "sku", "created_at"];

function changedProductRow({ id, name, description, status, categoryId, version, updatedAt }: PlannedProduct): Row {
  return [id, name, nameKey(name), description, status, categoryId, version, updatedAt];
}

function newProductRow(product: PlannedProduct): Row {
  return [...changedProductRow(product), product.slug, 0, 0, product.createdAt];
}

function changedVariantRow({ id, options, price, weightGrams, version, updatedAt }: PlannedVariant): Row {
  return [id, JSON.stringify(options), price, weightGrams, version, updatedAt];
}

function newVariantRow(variant: PlannedVariant): Row {
  return [...changedVariantRow(variant), variant.productId, variant.sku, variant.createdAt];
}

function added<T>(changes: readonly Change<T>[]): T[] {
  return changes.filter(({ before }) => before === undefined).map(({ after }) => after);
}

function changed<T>(changes: readonly Change<T>[]): T[] {
  return changes.filter(({ before }) => before !== undefined).map(({ after }) => after);
}
