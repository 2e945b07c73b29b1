import { z } from "zod";
import type { Database, Tx } from "../../../mixins/database/database.ts";
import { readKeysetPage } from "../../../mixins/database/query/keyset-page.ts";
import type { Page, PageRequest } from "../../../mixins/contract/paging.ts";
import type { StoredImage } from "../../../mixins/contract/stored-image.ts";
import type { Texts } from "../../../mixins/contract/texts.ts";
import type { Product } from "../domain/product.ts";
import type { SellerColumns } from "./merchant-copies.ts";
import { isWithheld, sellerColumns, sellerOf } from "./merchant-copies.ts";
import { selectWhereIn } from "./batch-statements.ts";
import { refreshDerivedColumns } from "./derived-columns.ts";
import { parsed, written } from "./json-column.ts";
import type { BrandColumns, BrandedProduct, ProductSummary, SummaryRow } from "./product-summary.ts";
import {
  brandColumns,
  brandOf,
  fromSummaryRow,
  joinShown,
  summaryColumns,
  textColumns,
} from "./product-summary.ts";
import type { ProductFilter } from "./product-filters.ts";
import {
  isSortedByPosition,
  isSortedByPrice,
  priceConditions,
  productConditions,
  selectiveFiltersOf,
} from "./product-filters.ts";
import type { ProductRow } from "./product-row.ts";
import { changedProductRow, newProductRow, productColumns, productFromRow } from "./product-row.ts";
import { SearchIndex } from "./search/search-index.ts";
import { SlugHistory } from "../../../mixins/database/slug-history.ts";

/** Recounts the variants in stock of a product (alias `p`). */
const stockedVariants = `(SELECT COUNT(*) FROM variants v JOIN stock s ON s.variant_id = v.id
  WHERE v.product_id = p.id AND s.on_hand > 0)`;

/** The first by price, then by id. */
const cheapestVariant = `(SELECT v.id FROM variants v WHERE v.product_id = p.id ORDER BY v.price, v.id LIMIT 1)`;

/** What a search marks found words in. */
export type FoundTexts = Pick<Product, "id" | "name" | "description" | "texts">;

export class ProductRepository {
  readonly #database: Database;
  readonly #slugs: SlugHistory;

  constructor(database: Database) {
    this.#database = database;
    this.#slugs = new SlugHistory(database, "product", "products");
  }

  /** @param among merchants to look among; all products when undefined */
  async byId(id: string, among?: readonly string[]): Promise<Product | undefined> {
    return this.#one("id = ?", id, { among });
  }

  /** @param withBrandTexts reads the brand's texts in all languages, too */
  async byIdOrSlug(
    idOrSlug: string,
    { withBrandTexts = false }: { readonly withBrandTexts?: boolean } = {},
  ): Promise<BrandedProduct | undefined> {
    const columns = withBrandTexts ? `${brandColumns}, brand.texts AS brand_texts` : brandColumns;
    const known = z.uuid().safeParse(idOrSlug).success
      ? await this.#branded(columns, "p.id = ?", idOrSlug)
      : undefined;
    return known ?? this.#branded(columns, "p.slug = ?", idOrSlug);
  }

  /** The product that had this slug before. */
  async byFormerSlug(slug: string): Promise<BrandedProduct | undefined> {
    const id = await this.#slugs.idOf(slug);
    return id === undefined ? undefined : this.byIdOrSlug(id);
  }

  /**
   * Reads a product and locks it and its set of variants until the transaction ends.
   *
   * @param among merchants to look among; all products when undefined
   */
  async lock(id: string, tx: Tx, among?: readonly string[]): Promise<Product | undefined> {
    return this.#one("id = ?", id, { among, tx, lock: this.#database.forUpdate });
  }

  /** Locks products. @returns those that exist, among the merchants as for `lock` */
  async lockAll(ids: readonly string[], tx: Tx, among?: readonly string[]): Promise<Set<string>> {
    const rows = await selectWhereIn<{ id: string; merchant_id: string | null }>(
      this.#database,
      `SELECT id, merchant_id FROM products WHERE id IN (?) ORDER BY id${this.#database.forUpdate}`,
      [ids],
      tx,
    );
    const own = rows.filter((row) => !among || among.includes(row.merchant_id ?? ""));
    return new Set(own.map(({ id }) => id));
  }

  /** As `lock`, for the product of a variant. */
  async lockOfVariant(variantId: string, tx: Tx, among?: readonly string[]): Promise<Product | undefined> {
    const lock = this.#database.forUpdate;
    return this.#one("id = (SELECT product_id FROM variants WHERE id = ?)", variantId, { among, tx, lock });
  }

  async list(
    filter: ProductFilter,
    request: PageRequest,
    { withTexts }: { readonly withTexts: boolean },
  ): Promise<Page<ProductSummary>> {
    const arranged = filter.collectionId !== undefined && isSortedByPosition(request);
    return readKeysetPage<SummaryRow, ProductSummary>(this.#database, {
      columns: `${summaryColumns}${withTexts ? `, ${textColumns}` : ""}${arranged ? ", m.position, m.product_id" : ""}`,
      from: arranged
        ? `(collection_products m ${this.#database.straightJoin} products p ON p.id = m.product_id)`
        : "products p",
      joinShown,
      where: {
        "m.collection_id = ?": arranged ? filter.collectionId : undefined,
        ...productConditions(filter),
        ...(isSortedByPrice(request) ? priceConditions(filter) : {}),
      },
      selectiveFilters: selectiveFiltersOf(filter, this.#database, {
        withPrices: !isSortedByPrice(request),
        withCollection: !arranged,
      }),
      sortColumns: {
        name: "p.name_key",
        price: "p.price_from",
        createdAt: "p.created_at",
        rating: "p.rating_average",
        position: arranged ? "m.position" : "p.created_at",
      },
      idColumn: arranged ? "m.product_id" : "p.id",
      request,
      present: fromSummaryRow,
    });
  }

  /** The products of the ids that exist, in the order of the ids. */
  async summaries(
    ids: readonly string[],
    { withTexts }: { readonly withTexts: boolean },
  ): Promise<ProductSummary[]> {
    const columns = withTexts ? `${summaryColumns}, ${textColumns}` : summaryColumns;
    const rows = await selectWhereIn<SummaryRow>(
      this.#database,
      `SELECT ${columns} FROM products p ${joinShown} WHERE p.id IN (?)`,
      [ids],
    );
    const byId = new Map(rows.map((row) => [row.id, fromSummaryRow(row)]));
    return ids.flatMap((id) => byId.get(id) ?? []);
  }

  /** Names and categories of existing products. */
  async namesAndCategories(
    ids: readonly string[],
  ): Promise<{ id: string; name: string; categoryId: string | null }[]> {
    return this.#database.select<{ id: string; name: string; categoryId: string | null }>(
      "SELECT id, name, category_id AS categoryId FROM products WHERE id IN (?)",
      [ids],
    );
  }

  /** Names and descriptions in all languages, by id. */
  async textsOf(ids: readonly string[]): Promise<ReadonlyMap<string, FoundTexts>> {
    const rows = await selectWhereIn<Pick<ProductRow, "id" | "name" | "description" | "texts">>(
      this.#database,
      "SELECT id, name, description, texts FROM products WHERE id IN (?)",
      [ids],
    );
    return new Map(rows.map((row) => [row.id, { ...row, texts: parsed<Texts>(row.texts, {}) }]));
  }

  async any(tx: Tx): Promise<boolean> {
    return (await this.#database.select("SELECT id FROM products LIMIT 1", [], tx)).length > 0;
  }

  async anyOfCategory(categoryId: string, tx: Tx): Promise<boolean> {
    const sql = "SELECT id FROM products WHERE category_id = ? LIMIT 1";
    return (await this.#database.select(sql, [categoryId], tx)).length > 0;
  }

  async anyOfBrand(brandId: string, tx: Tx): Promise<boolean> {
    const sql = "SELECT id FROM products WHERE brand_id = ? LIMIT 1";
    return (await this.#database.select(sql, [brandId], tx)).length > 0;
  }

  /** @returns false, without a change, when the slug is taken */
  async insert(product: Product, tx: Tx): Promise<boolean> {
    return this.#slugs.insert(newProductRow(product), tx);
  }

  /** Saves a change under optimistic locking. */
  async update(before: Product, after: Product, tx: Tx): Promise<"saved" | "stale" | "taken"> {
    return this.#slugs.update(before, changedProductRow(after), tx);
  }

  /** Saves a product's images, in order. */
  async setImages(id: string, images: readonly StoredImage[], tx: Tx): Promise<void> {
    const [first] = images;
    await this.#database.execute(
      "UPDATE products SET images = ?, image = ? WHERE id = ?",
      [written(images), first ? JSON.stringify(first) : null, id],
      tx,
    );
  }

  async remove(id: string, tx: Tx): Promise<void> {
    await this.#slugs.remove(id, tx);
    for (const index of [
      "product_facets",
      "collection_products",
      "related_products",
      "search_pin_products",
      "merchant_category_products",
    ])
      await this.#database.execute(`DELETE FROM ${index} WHERE product_id = ?`, [id], tx);
    await this.#database.execute("DELETE FROM related_products WHERE related_id = ?", [id], tx);
    await new SearchIndex(this.#database).remove(id, tx);
    await this.#database.execute("DELETE FROM products WHERE id = ?", [id], tx);
  }

  /** Part of every transaction that changes a product or one of its variants. */
  async refreshDerivedColumns(productId: string, tx: Tx): Promise<void> {
    await refreshDerivedColumns(this.#database, [productId], tx);
  }

  /**
   * Scans the next products by id for a wrong number of variants in stock or a wrong cheapest variant.
   *
   * @returns their ids and the last product scanned; undefined at the end
   */
  async misderived(after: string, limit: number): Promise<{ ids: string[]; last: string | undefined }> {
    const rows = await this.#database.select<{
      id: string;
      stocked_variants: number;
      in_stock: number;
      counted: number;
      cheapest_variant_id: string | null;
      cheapest: string | null;
    }>(
      `SELECT p.id, p.stocked_variants, p.in_stock, ${stockedVariants} AS counted, p.cheapest_variant_id,
         ${cheapestVariant} AS cheapest FROM products p WHERE p.id > ? ORDER BY p.id LIMIT ?`,
      [after, limit],
    );
    const wrong = rows.filter(
      (row) =>
        row.stocked_variants !== row.counted ||
        row.in_stock !== Number(row.counted > 0) ||
        row.cheapest_variant_id !== row.cheapest,
    );
    return { ids: wrong.map(({ id }) => id), last: rows.at(-1)?.id };
  }

  async setStocked(id: string, stockedVariants: number, tx: Tx): Promise<void> {
    const sql = "UPDATE products SET stocked_variants = ?, in_stock = ? WHERE id = ?";
    await this.#database.execute(sql, [stockedVariants, Number(stockedVariants > 0), id], tx);
  }

  async #branded(ofBrand: string, condition: string, value: string): Promise<BrandedProduct | undefined> {
    const columns = productColumns.map((column) => `p.${column}`).join(", ");
    const sql = `SELECT ${columns}, ${ofBrand}, ${sellerColumns} FROM products p ${joinShown} WHERE ${condition}`;
    const [row] = await this.#database.select<ProductRow & BrandColumns & SellerColumns>(sql, [value]);
    return (
      row && {
        ...productFromRow(row),
        brand: brandOf(row),
        merchant: sellerOf(row),
        isWithheld: isWithheld(row),
      }
    );
  }

  async #one(
    condition: string,
    value: string,
    {
      among,
      tx,
      lock = "",
    }: { readonly among?: readonly string[] | undefined; readonly tx?: Tx; readonly lock?: string },
  ): Promise<Product | undefined> {
    const own = among ? " AND merchant_id IN (?)" : "";
    const sql = `SELECT ${productColumns.join(", ")} FROM products WHERE ${condition}${own}${lock}`;
    const [row] = await this.#database.select<ProductRow>(sql, among ? [value, among] : [value], tx);
    return row && productFromRow(row);
  }
}
