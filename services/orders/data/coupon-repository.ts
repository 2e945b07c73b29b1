import type { Database, Tx } from "../../../mixins/database/database.ts";
import { listPage } from "../../../mixins/database/list-page.ts";
import type { Page, PageRequest } from "../../contract/paging.ts";
import type { Coupon, CouponDiscount } from "../domain/coupon.ts";

type CouponRow = {
  id: string;
  code: string;
  description: string | null;
  discount_kind: CouponDiscount["kind"];
  discount_value: number;
  minimum_subtotal: number;
  valid_from: number | null;
  valid_until: number | null;
  total_limit: number | null;
  per_customer_limit: number | null;
  active: number;
  uses: number;
  version: number;
  created_at: number;
  updated_at: number;
};

const columns =
  "id, code, description, discount_kind, discount_value, minimum_subtotal, valid_from, valid_until, total_limit, per_customer_limit, active, uses, version, created_at, updated_at";

/** Coupons as staff make them; `RedemptionRepository` counts their uses. */
export class CouponRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** @param code in capitals */
  async byCode(code: string): Promise<Coupon | undefined> {
    return this.#one(code, "");
  }

  /** As `byCode`; nobody else changes or uses the coupon until the transaction ends. */
  async lock(code: string, tx: Tx): Promise<Coupon | undefined> {
    return this.#one(code, this.#database.forUpdate, tx);
  }

  async list(filter: { readonly active?: boolean | undefined }, request: PageRequest): Promise<Page<Coupon>> {
    return listPage<CouponRow, Coupon>(this.#database, {
      columns,
      from: "coupons",
      where: { "active = ?": filter.active === undefined ? undefined : Number(filter.active) },
      sortColumns: { code: "code", createdAt: "created_at" },
      request,
      present: fromRow,
    });
  }

  /** @returns false when the code is taken; then nothing is changed */
  async insert(coupon: Coupon, tx: Tx): Promise<boolean> {
    return this.#database.insertNew("coupons", toRow(coupon), tx);
  }

  /** Saves other terms of a locked coupon. */
  async update(coupon: Coupon, tx: Tx): Promise<void> {
    const { id, code: _code, uses: _uses, created_at: _created, ...terms } = toRow(coupon);
    const assignments = Object.keys(terms).map((column) => `${column} = ?`);
    const sql = `UPDATE coupons SET ${assignments.join(", ")} WHERE id = ?`;
    await this.#database.execute(sql, [...Object.values(terms), id], tx);
  }

  /** Removes a locked coupon that no order uses, with what is remembered of orders that once did. */
  async remove(couponId: string, tx: Tx): Promise<void> {
    await this.#database.execute("DELETE FROM coupon_redemptions WHERE coupon_id = ?", [couponId], tx);
    await this.#database.execute("DELETE FROM coupon_customers WHERE coupon_id = ?", [couponId], tx);
    await this.#database.execute("DELETE FROM coupons WHERE id = ?", [couponId], tx);
  }

  async #one(code: string, lock: string, tx?: Tx): Promise<Coupon | undefined> {
    const sql = `SELECT ${columns} FROM coupons WHERE code = ?${lock}`;
    const [row] = await this.#database.select<CouponRow>(sql, [code], tx);
    return row && fromRow(row);
  }
}

function fromRow(row: CouponRow): Coupon {
  return {
    id: row.id,
    code: row.code,
    description: row.description,
    discount:
      row.discount_kind === "percent"
        ? { kind: "percent", basisPoints: row.discount_value }
        : { kind: "fixed", amountMinor: row.discount_value },
    minimumSubtotal: row.minimum_subtotal,
    validFrom: row.valid_from,
    validUntil: row.valid_until,
    totalLimit: row.total_limit,
    perCustomerLimit: row.per_customer_limit,
    active: row.active === 1,
    uses: row.uses,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function toRow(coupon: Coupon): CouponRow {
  const { discount } = coupon;
  return {
    id: coupon.id,
    code: coupon.code,
    description: coupon.description,
    discount_kind: discount.kind,
    discount_value: discount.kind === "percent" ? discount.basisPoints : discount.amountMinor,
    minimum_subtotal: coupon.minimumSubtotal,
    valid_from: coupon.validFrom,
    valid_until: coupon.validUntil,
    total_limit: coupon.totalLimit,
    per_customer_limit: coupon.perCustomerLimit,
    active: Number(coupon.active),
    uses: coupon.uses,
    version: coupon.version,
    created_at: coupon.createdAt,
    updated_at: coupon.updatedAt,
  };
}
