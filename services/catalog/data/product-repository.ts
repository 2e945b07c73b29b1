import { z } from "zod";
import type { Database, Tx } from "../../../mixins/database/database.ts";
import { listPage } from "../../../mixins/database/list-page.ts";
import type { Page, PageRequest } from "../../contract/paging.ts";
import type { Place } from "../domain/category-tree.ts";
import type { ProductStatus } from "../domain/product-lifecycle.ts";
import { nameKey, termsOf } from "../domain/search-terms.ts";
import { narrowingsOf, priceConditions, saysNothing, sortedByPrice } from "./product-narrowings.ts";
import { unlessTaken } from "./unique.ts";

/** A product as lists show it. Times are milliseconds since 1970, UTC; prices minor units. */
export interface ProductSummary {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly status: ProductStatus;
  readonly categoryId: string | null;
  /** The lowest price of its variants; null while it has none. */
  readonly priceFrom: number | null;
  readonly inStock: boolean;
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What staff wrote of a product; its variants and their stock are kept by themselves. */
export interface Product {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly status: ProductStatus;
  readonly categoryId: string | null;
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface ProductFilter {
  readonly status: ProductStatus;
  /** Words, each of which must begin a term of the product. */
  readonly search: string;
  /** This category and everything below it. */
  readonly category: Place | undefined;
  readonly minPrice: number | undefined;
  readonly maxPrice: number | undefined;
  readonly inStock: boolean | undefined;
}

export type ProductRow = {
  id: string;
  slug: string;
  name: string;
  description: string;
  status: ProductStatus;
  category_id: string | null;
  version: number;
  created_at: number;
  updated_at: number;
};

type SummaryRow = Omit<ProductRow, "description"> & {
  name_key: string;
  price_from: number;
  variant_count: number;
  in_stock: number;
};

export const productColumns = "id, slug, name, description, status, category_id, version, created_at, updated_at";

const stocked = "EXISTS (SELECT 1 FROM variants v JOIN stock s ON s.variant_id = v.id WHERE v.product_id = p.id";

const summaryColumns = `p.id, p.slug, p.name, p.name_key, p.status, p.category_id, p.price_from, p.variant_count,
  p.version, p.created_at, p.updated_at, ${stocked} AND s.on_hand > 0) AS in_stock`;

export class ProductRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async byId(id: string, tx?: Tx): Promise<Product | undefined> {
    return this.#one("id = ?", id, tx);
  }

  async byIdOrSlug(idOrSlug: string): Promise<Product | undefined> {
    const known = z.uuid().safeParse(idOrSlug).success ? await this.byId(idOrSlug) : undefined;
    return known ?? this.#one("slug = ?", idOrSlug);
  }

  /** Reads a product; until the transaction ends nobody else changes it or adds or removes variants. */
  async lock(id: string, tx: Tx): Promise<Product | undefined> {
    return this.#one(`id = ?${this.#database.forUpdate}`, id, tx);
  }

  /** The same, for the product that a variant belongs to. */
  async lockOfVariant(variantId: string, tx: Tx): Promise<Product | undefined> {
    return this.#one(`id = (SELECT product_id FROM variants WHERE id = ?)${this.#database.forUpdate}`, variantId, tx);
  }

  async list(filter: ProductFilter, request: PageRequest): Promise<Page<ProductSummary>> {
    return listPage<SummaryRow, ProductSummary>(this.#database, {
      columns: summaryColumns,
      from: "products p",
      where: {
        "p.status = ?": filter.status,
        [`${stocked} AND s.on_hand > ?)`]: filter.inStock === true ? 0 : undefined,
        [`NOT ${stocked} AND s.on_hand > ?)`]: filter.inStock === false ? 0 : undefined,
        // What is no word is in no product.
        "p.id = ?": saysNothing(filter.search) ? "" : undefined,
        ...(sortedByPrice(request) ? priceConditions(filter) : {}),
      },
      narrowings: narrowingsOf(filter, this.#database, { withPrices: !sortedByPrice(request) }),
      sortColumns: { name: "p.name_key", price: "p.price_from", createdAt: "p.created_at" },
      idColumn: "p.id",
      request,
      present: fromSummaryRow,
    });
  }

  async any(tx: Tx): Promise<boolean> {
    return (await this.#database.select("SELECT id FROM products LIMIT 1", [], tx)).length > 0;
  }

  async anyOfCategory(categoryId: string, tx: Tx): Promise<boolean> {
    const sql = "SELECT id FROM products WHERE category_id = ? LIMIT 1";
    return (await this.#database.select(sql, [categoryId], tx)).length > 0;
  }

  /** @returns false when the slug is taken; then nothing is changed */
  async insert(product: Product, tx: Tx): Promise<boolean> {
    const { categoryId, createdAt, updatedAt, ...same } = product;
    const row = {
      ...same,
      name_key: nameKey(product.name),
      category_id: categoryId,
      price_from: 0,
      variant_count: 0,
      created_at: createdAt,
      updated_at: updatedAt,
    };
    return this.#database.insertNew("products", row, tx);
  }

  /** Saves a change that was decided on the version before it. */
  async update(product: Product, tx: Tx): Promise<"saved" | "stale" | "taken"> {
    const { name, slug, description, status, categoryId, version, updatedAt, id } = product;
    const changed = await unlessTaken(() =>
      this.#database.execute(
        `UPDATE products SET name = ?, name_key = ?, slug = ?, description = ?, status = ?, category_id = ?,
         version = ?, updated_at = ? WHERE id = ? AND version = ?`,
        [name, nameKey(name), slug, description, status, categoryId, version, updatedAt, id, version - 1],
        tx,
      ),
    );
    if (changed === "taken") return "taken";
    return changed === 1 ? "saved" : "stale";
  }

  async remove(id: string, tx: Tx): Promise<void> {
    await this.#database.execute("DELETE FROM product_terms WHERE product_id = ?", [id], tx);
    await this.#database.execute("DELETE FROM products WHERE id = ?", [id], tx);
  }

  /**
   * Brings what is derived from a product and its variants up to date: its lowest price, their number, and the terms
   * under which it is found. Part of every transaction that changes either.
   */
  async deriveAgain(product: Product, tx: Tx): Promise<void> {
    const variants = await this.#database.select<{ sku: string; price: number }>(
      "SELECT sku, price FROM variants WHERE product_id = ? ORDER BY sku",
      [product.id],
      tx,
    );
    const prices = variants.map((variant) => variant.price);
    await this.#database.execute(
      "UPDATE products SET price_from = ?, variant_count = ? WHERE id = ?",
      [prices.length === 0 ? 0 : Math.min(...prices), prices.length, product.id],
      tx,
    );
    const skus = variants.map((variant) => variant.sku);
    await this.#replaceTerms(product.id, termsOf(product, skus), tx);
  }

  async #replaceTerms(productId: string, terms: readonly string[], tx: Tx): Promise<void> {
    const sql = "SELECT term FROM product_terms WHERE product_id = ?";
    const rows = await this.#database.select<{ term: string }>(sql, [productId], tx);
    const known = new Set(rows.map((row) => row.term));
    const wanted = new Set(terms);
    const obsolete = [...known].filter((term) => !wanted.has(term));
    const missing = [...wanted].filter((term) => !known.has(term));
    if (obsolete.length > 0)
      await this.#database.execute(
        "DELETE FROM product_terms WHERE product_id = ? AND term IN (?)",
        [productId, obsolete],
        tx,
      );
    if (missing.length > 0)
      await this.#database.execute(
        `INSERT INTO product_terms (term, product_id) VALUES ${missing.map(() => "(?, ?)").join(", ")}`,
        missing.flatMap((term) => [term, productId]),
        tx,
      );
  }

  async #one(condition: string, value: string, tx?: Tx): Promise<Product | undefined> {
    const sql = `SELECT ${productColumns} FROM products WHERE ${condition}`;
    const [row] = await this.#database.select<ProductRow>(sql, [value], tx);
    return row && productFromRow(row);
  }
}

export function productFromRow({ category_id, created_at, updated_at, ...same }: ProductRow): Product {
  return { ...same, categoryId: category_id, createdAt: created_at, updatedAt: updated_at };
}

function fromSummaryRow(row: SummaryRow): ProductSummary {
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    status: row.status,
    categoryId: row.category_id,
    priceFrom: row.variant_count === 0 ? null : row.price_from,
    inStock: row.in_stock > 0,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
