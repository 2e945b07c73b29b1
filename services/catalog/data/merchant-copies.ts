import type { Database, Tx } from "../../../mixins/database/database.ts";
import type { Upsert } from "../../../mixins/database/query/upsert.ts";
import type { MerchantStatus } from "../../merchants/merchants.contract.ts";
import { selectWhereIn } from "./batch-statements.ts";

/** A merchant, as its latest event told. */
export interface MerchantCopy {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly status: MerchantStatus;
  readonly version: number;
}

/** What products show of their merchant. */
export type MerchantReference = Pick<MerchantCopy, "id" | "slug" | "name">;

/** Columns that the joined merchant of a product (alias `p`) adds. */
export type SellerColumns = {
  merchant_id: string | null;
  seller_slug: string | null;
  seller_name: string | null;
  seller_status: MerchantStatus | null;
};

export const sellerColumns =
  "seller.slug AS seller_slug, seller.name AS seller_name, seller.status AS seller_status";
export const joinSeller = "LEFT JOIN merchants seller ON seller.id = p.merchant_id";

/** The merchant of a joined row. */
export function sellerOf(row: SellerColumns): MerchantReference | null {
  const { merchant_id: id, seller_slug: slug, seller_name: name } = row;
  return id === null || slug === null || name === null ? null : { id, slug, name };
}

/** Whether a joined row's merchant may not sell at present. */
export function isWithheld({ seller_status: status }: Pick<SellerColumns, "seller_status">): boolean {
  return status !== null && status !== "active";
}

/**
 * SQL condition, with the value `active`: the merchant of the product (alias `p`) may sell. A scalar subquery,
 * which planners do not turn into a join that changes the order of the others. It reads the product again by its
 * id, so that the sort index still covers `p`: otherwise MariaDB starts behind a cursor at the first row.
 */
export const mayBeSold = `COALESCE((SELECT seller.status FROM products own
  LEFT JOIN merchants seller ON seller.id = own.merchant_id WHERE own.id = p.id LIMIT 1), 'active') = ?`;

const newerBy = "version";
const newest: Upsert = {
  table: "merchants",
  key: ["id"],
  set: { slug: { newerBy }, name: { newerBy }, status: { newerBy }, version: "greatest" },
};

/** The merchants, copied from their events. */
export class MerchantCopies {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Stores a state unless a later one is stored; events may arrive out of order. @returns whether it did */
  async put({ id, slug, name, status, version }: MerchantCopy, tx: Tx): Promise<boolean> {
    await this.#database.upsert(newest, [{ id, slug, name, status, version }], tx);
    const sql = "SELECT version FROM merchants WHERE id = ?";
    const [stored] = await this.#database.select<{ version: number }>(sql, [id], tx);
    return stored?.version === version;
  }

  /** Whether there are merchants whose products are off sale; those without products, as most that wait, do not count. */
  async anyWithheld(): Promise<boolean> {
    const sql = `SELECT id FROM merchants m WHERE status IN ('pending', 'suspended', 'rejected', 'closed')
      AND EXISTS (SELECT 1 FROM products p WHERE p.merchant_id = m.id) LIMIT 1`;
    return (await this.#database.select(sql)).length > 0;
  }

  /** Ids of the merchants with these slugs or ids. */
  async idsOf(idsOrSlugs: readonly string[]): Promise<string[]> {
    const sql = "SELECT id FROM merchants WHERE slug IN (?) UNION SELECT id FROM merchants WHERE id IN (?)";
    const rows = await this.#database.select<{ id: string }>(sql, [idsOrSlugs, idsOrSlugs]);
    return rows.map(({ id }) => id);
  }

  async ofIds(ids: readonly string[], tx?: Tx): Promise<MerchantReference[]> {
    const sql = "SELECT id, slug, name FROM merchants WHERE id IN (?)";
    return selectWhereIn<MerchantReference>(this.#database, sql, [ids], tx);
  }
}
