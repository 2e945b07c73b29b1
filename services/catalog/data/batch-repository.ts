import { UniqueConstraintError } from "sequelize";
import type { Database, Tx } from "../../../mixins/database/database.ts";
import type { Row } from "../../../mixins/database/types.ts";
import type { Attribute, ProductType } from "../domain/attribute.ts";
import type { Change, Known } from "../domain/import-plan.ts";
import type { Product } from "../domain/product.ts";
import { AttributeRepository } from "./attribute-repository.ts";
import { updateRows } from "../../../mixins/database/query/update-rows.ts";
import { selectWhereIn } from "./batch-statements.ts";
import { refreshDerivedColumns } from "./derived-columns.ts";
import type { ProductRow } from "./product-row.ts";
import { changedProductRow, newProductRow, productColumns, productFromRow } from "./product-row.ts";
import { SlugHistory } from "../../../mixins/database/slug-history.ts";
import { insertRows } from "../../../mixins/database/query/insert-rows.ts";
import { TypeRepository } from "./type-repository.ts";
import type { Variant, VariantRow } from "./variant-repository.ts";
import { variantColumns, variantFromRow } from "./variant-repository.ts";

/** What a batch of rows refers to, by slug or SKU. */
export interface References {
  readonly products: readonly string[];
  readonly skus: readonly string[];
  readonly categories: readonly string[];
  readonly merchants: readonly string[];
  readonly brands: readonly string[];
  readonly types: readonly string[];
  /** Whether a row changes attributes, which the type of its product declares. */
  readonly attributes: boolean;
}

/** A concurrent change took a slug or a SKU of the batch; a retry finds it. */
export class BatchConflict extends Error {
  override name = "BatchConflict";
}

/** Reads and writes products and variants in batches, with a constant number of statements per batch. */
export class BatchRepository {
  readonly #database: Database;
  readonly #slugs: SlugHistory;
  readonly #types: TypeRepository;
  readonly #attributes: AttributeRepository;

  constructor(database: Database) {
    this.#database = database;
    this.#slugs = new SlugHistory(database, "product", "products");
    this.#types = new TypeRepository(database);
    this.#attributes = new AttributeRepository(database);
  }

  /**
   * Reads existing products and variants and locks them until the transaction ends; what else the rows refer to
   * stays as it is.
   */
  async lock(references: References, tx: Tx): Promise<Omit<Known, "isTranslated">> {
    const { skus } = references;
    const products = await this.#lockProducts(references, tx);
    const variants = await selectWhereIn<VariantRow>(
      this.#database,
      `SELECT ${variantColumns} FROM variants v WHERE v.sku IN (?)`,
      [skus],
      tx,
    );
    const categories = await this.#idsBySlug("categories", references.categories, tx);
    const brands = await this.#idsBySlug("brands", references.brands, tx);
    const types = await this.#typesOf(references, products, tx);
    const locked = new Set(products.map((product) => product.id));
    return {
      products,
      // A variant inserted between the two statements collides on insert.
      variants: variants.filter((variant) => locked.has(variant.product_id)).map(variantFromRow),
      categories,
      merchants: await this.#idsBySlug("merchants", references.merchants, tx),
      brands,
      types: new Map(types.map((type) => [type.slug, type])),
      attributes: new Map(
        (await this.#attributesOf(types, tx)).map((attribute) => [attribute.code, attribute]),
      ),
    };
  }

  /**
   * Saves changes and derived columns. Stock accounts of new variants are opened separately.
   *
   * @throws BatchConflict when a concurrent change took a slug or a SKU; then roll back
   */
  async save(
    products: readonly Change<Product>[],
    variants: readonly Change<Variant>[],
    tx: Tx,
  ): Promise<void> {
    const database = this.#database;
    try {
      await insertRows(database, "products", added(products).map(newProductRow), tx);
      await insertRows(database, "variants", added(variants).map(newVariantRow), tx);
    } catch (error) {
      if (error instanceof UniqueConstraintError) throw new BatchConflict("a slug or a SKU is taken");
      throw error;
    }
    const newSlugs = added(products).map(({ slug }) => slug);
    await this.#slugs.takeOver(newSlugs, tx);
    const withId =
      <T extends { id: string }>(row: (of: T) => Row) =>
      (of: T) => ({ id: of.id, ...row(of) });
    await updateRows(database, "products", changed(products).map(withId(changedProductRow)), tx);
    await updateRows(database, "variants", changed(variants).map(withId(changedVariantRow)), tx);

    const touched = new Set(products.map(({ after }) => after.id));
    for (const { after } of variants) touched.add(after.productId);
    await refreshDerivedColumns(database, [...touched], tx);
  }

  /** Those of these slugs that products have. */
  async knownSlugs(slugs: readonly string[], tx: Tx): Promise<ReadonlySet<string>> {
    const sql = "SELECT slug FROM products WHERE slug IN (?)";
    const rows = await selectWhereIn<{ slug: string }>(this.#database, sql, [slugs], tx);
    return new Set(rows.map(({ slug }) => slug));
  }

  /** Whether there is a product with none of these slugs. Reads no more products than there are slugs. */
  async anyBut(slugs: ReadonlySet<string>): Promise<boolean> {
    const sql = "SELECT slug FROM products ORDER BY slug LIMIT ?";
    const rows = await this.#database.select<{ slug: string }>(sql, [slugs.size + 1]);
    return rows.some(({ slug }) => !slugs.has(slug));
  }

  async #lockProducts({ products, skus }: References, tx: Tx): Promise<Known["products"]> {
    const ids = await selectWhereIn<{ id: string }>(
      this.#database,
      "SELECT id FROM products WHERE slug IN (?) UNION SELECT product_id AS id FROM variants WHERE sku IN (?)",
      [products.length > 0 ? products : [""], skus.length > 0 ? skus : [""]],
      tx,
    );
    // Lock order: by id, as everywhere.
    const rows = await selectWhereIn<ProductRow & { variant_count: number }>(
      this.#database,
      `SELECT ${productColumns.join(", ")}, variant_count FROM products WHERE id IN (?) ORDER BY id${this.#database.forUpdate}`,
      [ids.map((row) => row.id)],
      tx,
    );
    return rows.map(({ variant_count: variantCount, ...row }) => ({ ...productFromRow(row), variantCount }));
  }

  async #idsBySlug(
    table: "categories" | "merchants" | "brands",
    slugs: readonly string[],
    tx: Tx,
  ): Promise<ReadonlyMap<string, string>> {
    const rows = await selectWhereIn<{ id: string; slug: string }>(
      this.#database,
      `SELECT id, slug FROM ${table} WHERE slug IN (?) ORDER BY id${this.#database.forShare}`,
      [slugs],
      tx,
    );
    return new Map(rows.map(({ id, slug }) => [slug, id]));
  }

  async #typesOf(
    { types, attributes }: References,
    products: Known["products"],
    tx: Tx,
  ): Promise<ProductType[]> {
    const ids = attributes ? products.flatMap(({ typeId }) => typeId ?? []) : [];
    return this.#types.shareAll(types, ids, tx);
  }

  async #attributesOf(types: readonly ProductType[], tx: Tx): Promise<Attribute[]> {
    const codes = new Set(types.flatMap((type) => type.attributes.map(({ code }) => code)));
    return this.#attributes.share([...codes], tx);
  }
}

function changedVariantRow({ options, price, weightGrams, version, updatedAt }: Variant): Row {
  return {
    options: JSON.stringify(options),
    price,
    weight_grams: weightGrams,
    version,
    updated_at: updatedAt,
  };
}

function newVariantRow(variant: Variant): Row {
  const { id, productId, sku, createdAt } = variant;
  return { id, ...changedVariantRow(variant), product_id: productId, sku, created_at: createdAt };
}

function added<T>(changes: readonly Change<T>[]): T[] {
  return changes.filter(({ before }) => before === undefined).map(({ after }) => after);
}

function changed<T>(changes: readonly Change<T>[]): T[] {
  return changes.filter(({ before }) => before !== undefined).map(({ after }) => after);
}
