import type { Database, Tx } from "../../../mixins/database/database.ts";
import { readKeysetPage } from "../../../mixins/database/query/keyset-page.ts";
import { oneOf } from "../../../mixins/database/query/one-of.ts";
import type { Page, PageRequest } from "../../../mixins/contract/paging.ts";
import type { Coupon } from "../domain/coupon.ts";
import type { CouponRow } from "./coupon-rows.ts";
import { couponColumns, couponFromRow, couponToRow } from "./coupon-rows.ts";

/** Restricts reads to these merchants' coupons; undefined: all, the mall's too. */
type Among = readonly string[] | undefined;

interface CouponFilter {
  readonly active?: boolean | undefined;
  readonly among: Among;
}

/** Coupons as defined by staff and merchants; `RedemptionRepository` counts their uses. */
export class CouponRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** @param code in capitals */
  async byCode(code: string, among?: Among): Promise<Coupon | undefined> {
    return this.#one(code, among, "");
  }

  /** As `byCode`, and locks the coupon until the transaction ends. */
  async lock(code: string, among: Among, tx: Tx): Promise<Coupon | undefined> {
    return this.#one(code, among, this.#database.forUpdate, tx);
  }

  async list({ active, among }: CouponFilter, request: PageRequest): Promise<Page<Coupon>> {
    return readKeysetPage<CouponRow, Coupon>(this.#database, {
      columns: couponColumns,
      from: "coupons",
      where: {
        "active = ?": active === undefined ? undefined : Number(active),
        ...oneOf("merchant_id", among),
      },
      sortColumns: { code: "code", createdAt: "created_at" },
      request,
      present: couponFromRow,
    });
  }

  /** @returns false, without a change, when the code is taken */
  async insert(coupon: Coupon, tx: Tx): Promise<boolean> {
    return this.#database.insertIfAbsent("coupons", couponToRow(coupon), tx);
  }

  /** Saves the terms of a locked coupon. */
  async update(coupon: Coupon, tx: Tx): Promise<void> {
    const {
      id,
      merchant_id: _merchant,
      code: _code,
      claimable: _claimable,
      claims: _claims,
      uses: _uses,
      created_at: _created,
      ...terms
    } = couponToRow(coupon);
    const assignments = Object.keys(terms).map((column) => `${column} = ?`);
    const sql = `UPDATE coupons SET ${assignments.join(", ")} WHERE id = ?`;
    await this.#database.execute(sql, [...Object.values(terms), id], tx);
  }

  /** Removes a locked, unused coupon, its claims and records of former uses. */
  async remove(couponId: string, tx: Tx): Promise<void> {
    await this.#database.execute("DELETE FROM coupon_redemptions WHERE coupon_id = ?", [couponId], tx);
    await this.#database.execute("DELETE FROM coupon_claims WHERE coupon_id = ?", [couponId], tx);
    await this.#database.execute("DELETE FROM coupon_customers WHERE coupon_id = ?", [couponId], tx);
    await this.#database.execute("DELETE FROM coupons WHERE id = ?", [couponId], tx);
  }

  async #one(code: string, among: Among, lock: string, tx?: Tx): Promise<Coupon | undefined> {
    const sql = `SELECT ${couponColumns} FROM coupons WHERE code = ?${among ? " AND merchant_id IN (?)" : ""}${lock}`;
    const [row] = await this.#database.select<CouponRow>(sql, among ? [code, among] : [code], tx);
    return row && couponFromRow(row);
  }
}
