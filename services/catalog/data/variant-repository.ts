import type { Database, SqlValue, Tx } from "../../../mixins/database/database.ts";
import { readKeysetPage } from "../../../mixins/database/query/keyset-page.ts";
import type { Page, PageRequest } from "../../../mixins/contract/paging.ts";
import type { Texts } from "../../../mixins/contract/texts.ts";
import { emptyLevels } from "../domain/stock-account.ts";
import { parsed } from "./json-column.ts";
import type { SellerColumns } from "./merchant-copies.ts";
import { isWithheld, joinSeller, sellerColumns } from "./merchant-copies.ts";
import { updateVersion } from "../../../mixins/database/update-version.ts";

/** A variant's row. The price is in minor units, times are milliseconds since the Unix epoch. */
export interface Variant {
  readonly id: string;
  readonly productId: string;
  readonly sku: string;
  readonly options: Readonly<Record<string, string>>;
  readonly price: number;
  readonly weightGrams: number | null;
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface StockedVariant extends Variant {
  /** Quantity available to order. */
  readonly available: number;
}

/** A variant with the fields of its product that carts and orders show. */
export interface VariantOnSale extends StockedVariant {
  readonly productSlug: string;
  /** Null for the shop's own products. */
  readonly merchantId: string | null;
  readonly categoryId: string | null;
  readonly brandId: string | null;
  /** The product's name. */
  readonly name: string;
  /** The product's texts; empty where they were not read. */
  readonly texts: Texts;
  /** Its product is published, and its merchant may sell. */
  readonly isOnSale: boolean;
}

/** Row of the table `variants`. */
export type VariantRow = {
  id: string;
  product_id: string;
  sku: string;
  options: string;
  price: number;
  weight_grams: number | null;
  version: number;
  created_at: number;
  updated_at: number;
};

type StockedRow = VariantRow & { available: number };

/** Columns of `VariantRow` (alias `v`). */
export const variantColumns =
  "v.id, v.product_id, v.sku, v.options, v.price, v.weight_grams, v.version, v.created_at, v.updated_at";

const columns = `${variantColumns}, s.on_hand AS available`;
const from = "variants v JOIN stock s ON s.variant_id = v.id";

export class VariantRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async byId(id: string, tx?: Tx): Promise<StockedVariant | undefined> {
    const [variant] = await this.#many("v.id = ?", [id], tx);
    return variant;
  }

  async productOf(id: string, tx: Tx): Promise<string | undefined> {
    const sql = "SELECT product_id AS id FROM variants WHERE id = ?";
    const [row] = await this.#database.select<{ id: string }>(sql, [id], tx);
    return row?.id;
  }

  /** Whether a variant is of one of these merchants. */
  async isOf(id: string, merchantIds: readonly string[], tx?: Tx): Promise<boolean> {
    const sql =
      "SELECT v.id FROM variants v JOIN products p ON p.id = v.product_id WHERE v.id = ? AND p.merchant_id IN (?)";
    return (await this.#database.select(sql, [id, merchantIds], tx)).length > 0;
  }

  async bySku(sku: string, tx?: Tx): Promise<StockedVariant | undefined> {
    const [variant] = await this.#many("v.sku = ?", [sku], tx);
    return variant;
  }

  /** All variants of a product, oldest first; their number is limited. */
  async ofProduct(productId: string, tx?: Tx): Promise<StockedVariant[]> {
    return this.#many("v.product_id = ? ORDER BY v.created_at, v.id", [productId], tx);
  }

  async list(productId: string, request: PageRequest): Promise<Page<StockedVariant>> {
    return readKeysetPage<StockedRow, StockedVariant>(this.#database, {
      columns,
      from: `(${from})`,
      where: { "v.product_id = ?": productId },
      sortColumns: { sku: "v.sku", price: "v.price", createdAt: "v.created_at" },
      idColumn: "v.id",
      request,
      present: fromRow,
    });
  }

  /** Existing variants of the given ids, with their products. */
  async withProducts(
    ids: readonly string[],
    { withTexts = false, tx }: { readonly withTexts?: boolean; readonly tx?: Tx } = {},
  ): Promise<VariantOnSale[]> {
    const rows = await this.#database.select<
      StockedRow &
        SellerColumns & {
          product_slug: string;
          category_id: string | null;
          brand_id: string | null;
          name: string;
          texts?: string | null;
          status: string;
        }
    >(
      `SELECT ${columns}, p.slug AS product_slug, p.merchant_id, p.category_id, p.brand_id, p.name, p.status, ${sellerColumns}${withTexts ? ", p.texts" : ""}
       FROM ${from} JOIN products p ON p.id = v.product_id ${joinSeller} WHERE v.id IN (?)`,
      [ids],
      tx,
    );
    return rows.map((row) => ({
      ...fromRow(row),
      productSlug: row.product_slug,
      merchantId: row.merchant_id,
      categoryId: row.category_id,
      brandId: row.brand_id,
      name: row.name,
      texts: parsed(row.texts ?? null, {}),
      isOnSale: row.status === "published" && !isWithheld(row),
    }));
  }

  /**
   * Inserts a variant with an empty stock account.
   *
   * @returns false, without a change, when the SKU is taken
   */
  async insert(variant: Variant, tx: Tx): Promise<boolean> {
    const { id, productId, weightGrams, createdAt, updatedAt, ...same } = variant;
    const row = {
      ...same,
      id,
      product_id: productId,
      options: JSON.stringify(variant.options),
      weight_grams: weightGrams,
      created_at: createdAt,
      updated_at: updatedAt,
    };
    if (!(await this.#database.insertIfAbsent("variants", row, tx))) return false;
    const { onHand, reserved, sold, returned, received } = emptyLevels;
    await this.#database.execute(
      "INSERT INTO stock (variant_id, on_hand, reserved, sold, returned, received) VALUES (?, ?, ?, ?, ?, ?)",
      [id, onHand, reserved, sold, returned, received],
      tx,
    );
    return true;
  }

  /** Saves a change under optimistic locking. */
  async update(variant: Variant, tx: Tx): Promise<"saved" | "stale" | "taken"> {
    const { id, sku, options, price, weightGrams, version, updatedAt } = variant;
    const row = {
      sku,
      options: JSON.stringify(options),
      price,
      weight_grams: weightGrams,
      version,
      updated_at: updatedAt,
    };
    return updateVersion(this.#database, "variants", { id, version: version - 1 }, row, tx);
  }

  /** Removes variants with their stock accounts, which must be unused. */
  async remove(ids: readonly string[], tx: Tx): Promise<void> {
    if (ids.length === 0) return;
    await this.#database.execute("DELETE FROM stock WHERE variant_id IN (?)", [ids], tx);
    await this.#database.execute("DELETE FROM variants WHERE id IN (?)", [ids], tx);
  }

  async #many(condition: string, values: readonly SqlValue[], tx?: Tx): Promise<StockedVariant[]> {
    const sql = `SELECT ${columns} FROM ${from} WHERE ${condition}`;
    return (await this.#database.select<StockedRow>(sql, values, tx)).map(fromRow);
  }
}

function fromRow(row: StockedRow): StockedVariant {
  return { ...variantFromRow(row), available: row.available };
}

export function variantFromRow(row: VariantRow): Variant {
  return {
    id: row.id,
    productId: row.product_id,
    sku: row.sku,
    options: JSON.parse(row.options) as Record<string, string>,
    price: row.price,
    weightGrams: row.weight_grams,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
