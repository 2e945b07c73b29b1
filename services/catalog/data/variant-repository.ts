import type { Database, SqlValue, Tx } from "../../../mixins/database/database.ts";
import { listPage } from "../../../mixins/database/list-page.ts";
import type { Page, PageRequest } from "../../contract/paging.ts";
import { emptyLevels } from "../domain/stock-account.ts";
import { unlessTaken } from "./unique.ts";

/** A variant as the database keeps it. The price is in minor units, times are milliseconds since 1970, UTC. */
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
  /** How many can be ordered now. */
  readonly available: number;
}

/** A variant with what carts and orders show of its product. */
export interface VariantOnSale extends StockedVariant {
  readonly productSlug: string;
  readonly productName: string;
  readonly published: boolean;
}

/** A variant's own row. */
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

/** The columns of `VariantRow`, of variants called `v`. */
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

  async bySku(sku: string, tx?: Tx): Promise<StockedVariant | undefined> {
    const [variant] = await this.#many("v.sku = ?", [sku], tx);
    return variant;
  }

  /** All of a product's variants, oldest first; a product has a limited number of them. */
  async ofProduct(productId: string, tx?: Tx): Promise<StockedVariant[]> {
    return this.#many("v.product_id = ? ORDER BY v.created_at, v.id", [productId], tx);
  }

  async list(productId: string, request: PageRequest): Promise<Page<StockedVariant>> {
    return listPage<StockedRow, StockedVariant>(this.#database, {
      columns,
      from: `(${from})`,
      where: { "v.product_id = ?": productId },
      sortColumns: { sku: "v.sku", price: "v.price", createdAt: "v.created_at" },
      idColumn: "v.id",
      request,
      present: fromRow,
    });
  }

  /** Those of the variants that exist, with their products. */
  async withProducts(ids: readonly string[], tx?: Tx): Promise<VariantOnSale[]> {
    const rows = await this.#database.select<StockedRow & { product_slug: string; name: string; status: string }>(
      `SELECT ${columns}, p.slug AS product_slug, p.name, p.status FROM ${from} JOIN products p ON p.id = v.product_id
       WHERE v.id IN (?)`,
      [ids],
      tx,
    );
    return rows.map((row) => ({
      ...fromRow(row),
      productSlug: row.product_slug,
      productName: row.name,
      published: row.status === "published",
    }));
  }

  /** Adds a variant with an empty stock account. @returns false when the SKU is taken; then nothing is changed */
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
    if (!(await this.#database.insertNew("variants", row, tx))) return false;
    const { onHand, reserved, sold, returned, received } = emptyLevels;
    await this.#database.execute(
      "INSERT INTO stock (variant_id, on_hand, reserved, sold, returned, received) VALUES (?, ?, ?, ?, ?, ?)",
      [id, onHand, reserved, sold, returned, received],
      tx,
    );
    return true;
  }

  /** Saves a change that was decided on the version before it. */
  async update(variant: Variant, tx: Tx): Promise<"saved" | "stale" | "taken"> {
    const { sku, options, price, weightGrams, version, updatedAt, id } = variant;
    const changed = await unlessTaken(() =>
      this.#database.execute(
        `UPDATE variants SET sku = ?, options = ?, price = ?, weight_grams = ?, version = ?, updated_at = ?
         WHERE id = ? AND version = ?`,
        [sku, JSON.stringify(options), price, weightGrams, version, updatedAt, id, version - 1],
        tx,
      ),
    );
    if (changed === "taken") return "taken";
    return changed === 1 ? "saved" : "stale";
  }

  /** Removes variants with their stock accounts, which must never have been used. */
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
