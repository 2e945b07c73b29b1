import { z } from "zod";
import type { Database, Tx } from "../../../mixins/database/database.ts";
import { readKeysetPage } from "../../../mixins/database/query/keyset-page.ts";
import type { Page, PageRequest } from "../../../mixins/contract/paging.ts";
import type { StoredImage } from "../../../mixins/contract/stored-image.ts";
import type { Texts } from "../../../mixins/contract/texts.ts";
import type { CollectionRule } from "../domain/collection-rule.ts";
import type { Seo } from "../domain/product.ts";
import { nameKey } from "../../../mixins/contract/name-key.ts";
import type { RuledCollection } from "./collection-membership.ts";
import { refreshMembership, ruledCollections } from "./collection-membership.ts";
import { parsed, written } from "./json-column.ts";
import type { ProductRow } from "./product-row.ts";
import { productColumns, productFromRow } from "./product-row.ts";
import { SlugHistory } from "../../../mixins/database/slug-history.ts";
import { insertRows } from "../../../mixins/database/query/insert-rows.ts";

/** A collection's row. Times are milliseconds since the Unix epoch. */
export interface Collection {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  /** Null for a manual collection. */
  readonly rule: CollectionRule | null;
  readonly seo: Seo;
  /** Only `setImage` writes it. */
  readonly image: StoredImage | null;
  /** Empty where a list was read without them. */
  readonly texts: Texts;
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

type CollectionRow = {
  id: string;
  slug: string;
  name: string;
  name_key: string;
  description: string;
  rule: string | null;
  seo: string | null;
  image: string | null;
  texts?: string | null;
  version: number;
  created_at: number;
  updated_at: number;
};

const columnsWithoutTexts =
  "id, slug, name, name_key, description, rule, seo, image, version, created_at, updated_at";
const columns = `${columnsWithoutTexts}, texts`;

export class CollectionRepository {
  readonly #database: Database;
  readonly #slugs: SlugHistory;

  constructor(database: Database) {
    this.#database = database;
    this.#slugs = new SlugHistory(database, "collection", "collections");
  }

  async byId(id: string): Promise<Collection | undefined> {
    return this.#one("id = ?", id);
  }

  async byIdOrSlug(idOrSlug: string): Promise<Collection | undefined> {
    const known = z.uuid().safeParse(idOrSlug).success ? await this.byId(idOrSlug) : undefined;
    return known ?? this.#one("slug = ?", idOrSlug);
  }

  /** The collection that had this slug before. */
  async byFormerSlug(slug: string): Promise<Collection | undefined> {
    const id = await this.#slugs.idOf(slug);
    return id === undefined ? undefined : this.byId(id);
  }

  /** By id, slug or former slug. */
  async named(idOrSlug: string): Promise<Collection | undefined> {
    return (await this.byIdOrSlug(idOrSlug)) ?? this.byFormerSlug(idOrSlug);
  }

  /** Reads a collection and locks it until the transaction ends. */
  async lock(id: string, tx: Tx): Promise<Collection | undefined> {
    return this.#one(`id = ?${this.#database.forUpdate}`, id, tx);
  }

  async list(
    request: PageRequest,
    { withTexts }: { readonly withTexts: boolean },
  ): Promise<Page<Collection>> {
    return readKeysetPage<CollectionRow, Collection>(this.#database, {
      columns: withTexts ? columns : columnsWithoutTexts,
      from: "collections",
      where: {},
      sortColumns: { name: "name_key" },
      request,
      present: fromRow,
    });
  }

  async count(tx: Tx): Promise<{ all: number; byRule: number }> {
    const sql = "SELECT COUNT(*) AS total, COUNT(rule) AS ruled FROM collections";
    const [row] = await this.#database.select<{ total: number; ruled: number }>(sql, [], tx);
    return { all: row?.total ?? 0, byRule: row?.ruled ?? 0 };
  }

  /** All collections by rule; their number is limited. */
  async byRule(tx: Tx): Promise<RuledCollection[]> {
    return ruledCollections(this.#database, tx);
  }

  /** @returns false, without a change, when the slug is taken */
  async insert(collection: Collection, tx: Tx): Promise<boolean> {
    const { id, createdAt } = collection;
    const row = { id, ...changedRow(collection), created_at: createdAt };
    return this.#slugs.insert(row, tx);
  }

  /** Saves a change under optimistic locking. */
  async update(before: Collection, after: Collection, tx: Tx): Promise<"saved" | "stale" | "taken"> {
    return this.#slugs.update(before, changedRow(after), tx);
  }

  async setImage(id: string, image: StoredImage | null, tx: Tx): Promise<void> {
    const sql = "UPDATE collections SET image = ? WHERE id = ?";
    await this.#database.execute(sql, [image && JSON.stringify(image), id], tx);
  }

  async remove(id: string, tx: Tx): Promise<void> {
    await this.#slugs.remove(id, tx);
    await this.#database.execute("DELETE FROM collections WHERE id = ?", [id], tx);
    await this.#database.execute("DELETE FROM collection_products WHERE collection_id = ?", [id], tx);
  }

  /** Products of a manual collection, in order; their number is limited. */
  async productIds(id: string, tx?: Tx): Promise<string[]> {
    const rows = await this.#database.select<{ product_id: string }>(
      "SELECT product_id FROM collection_products WHERE collection_id = ? ORDER BY position, product_id",
      [id],
      tx,
    );
    return rows.map((row) => row.product_id);
  }

  /** Replaces the products of a manual collection, which exist. */
  async arrange(id: string, productIds: readonly string[], tx: Tx): Promise<void> {
    await this.#database.execute("DELETE FROM collection_products WHERE collection_id = ?", [id], tx);
    const rows = productIds.map((productId, position) => ({
      collection_id: id,
      product_id: productId,
      position,
    }));
    await insertRows(this.#database, "collection_products", rows, tx);
  }

  /**
   * Refreshes the next products' membership of a collection by rule, and locks them. Reads the rule after
   * that, so that it is never older than what concurrent changes of these products applied.
   *
   * @returns the last of them; undefined at the end
   */
  async rebuildAfter(
    collectionId: string,
    productId: string,
    limit: number,
    tx: Tx,
  ): Promise<{ products: number; last: string | undefined }> {
    const derived = ", price_from, variant_count";
    const rows = await this.#database.select<ProductRow & { price_from: number; variant_count: number }>(
      `SELECT ${productColumns.join(", ")}${derived} FROM products WHERE id > ? ORDER BY id LIMIT ?${this.#database.forUpdate}`,
      [productId, limit],
      tx,
    );
    const products = rows.map(({ price_from: price, variant_count: variants, ...row }) => ({
      ...productFromRow(row),
      priceFrom: variants === 0 ? null : price,
    }));
    const its = (await this.byRule(tx)).filter(({ id }) => id === collectionId);
    await refreshMembership(this.#database, products, its, tx);
    return { products: rows.length, last: rows.at(-1)?.id };
  }

  async #one(condition: string, value: string, tx?: Tx): Promise<Collection | undefined> {
    const sql = `SELECT ${columns} FROM collections WHERE ${condition}`;
    const [row] = await this.#database.select<CollectionRow>(sql, [value], tx);
    return row && fromRow(row);
  }
}

function changedRow({ slug, name, description, rule, seo, texts, version, updatedAt }: Collection) {
  return {
    slug,
    name,
    name_key: nameKey(name),
    description,
    rule: rule && JSON.stringify(rule),
    seo: written(seo),
    texts: written(texts),
    version,
    updated_at: updatedAt,
  };
}

function fromRow(row: CollectionRow): Collection {
  const { name_key: _key, rule, seo, image, texts, created_at, updated_at, ...same } = row;
  return {
    ...same,
    rule: parsed<CollectionRule | null>(rule, null),
    seo: parsed(seo, {}),
    image: parsed(image, null),
    texts: parsed(texts ?? null, {}),
    createdAt: created_at,
    updatedAt: updated_at,
  };
}
