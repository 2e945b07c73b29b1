import type { Database, Tx } from "../../../mixins/database/database.ts";
import { readKeysetPage } from "../../../mixins/database/query/keyset-page.ts";
import type { Page, PageRequest } from "../../../mixins/contract/paging.ts";
import { newId } from "../../../mixins/contract/ids.ts";
import type { Coupon } from "../domain/coupon.ts";
import type { WalletState } from "../domain/wallet.ts";
import type { CouponRow } from "./coupon-rows.ts";
import { couponColumns, couponFromRow } from "./coupon-rows.ts";

/** A coupon in a customer's wallet. */
export interface ClaimedCoupon {
  readonly coupon: Coupon;
  /** Number of the customer's orders that use it. */
  readonly usesOfCustomer: number;
  readonly claimedAt: number;
}

type ClaimedRow = CouponRow & { claim_id: string; uses_of_customer: number | null; claimed_at: number };

const canBeClaimed =
  "active = 1 AND (claim_limit IS NULL OR claims < claim_limit) AND (valid_from IS NULL OR valid_from <= ?) AND (valid_until IS NULL OR valid_until > ?)";
/** As `walletStateOf`. Takes the time twice. */
const isOver = "(c.active = 0 OR c.valid_until <= ? OR c.uses >= c.total_limit)";
const walletStateSql = `CASE WHEN u.uses >= c.per_customer_limit OR (u.uses > 0 AND ${isOver}) THEN 'used'
  WHEN ${isOver} THEN 'expired' ELSE 'usable' END`;
const wallet = `(coupon_claims m JOIN coupons c ON c.id = m.coupon_id
  LEFT JOIN coupon_customers u ON u.coupon_id = m.coupon_id AND u.customer_id = m.customer_id)`;
const walletColumns = `m.claim_id, m.claimed_at, u.uses AS uses_of_customer, ${couponColumns
  .split(", ")
  .map((column) => `c.${column}`)
  .join(", ")}`;

/** Claims of a deleted account that are removed at a time. */
const removedAtOnce = 500;

/** Offers, and the customers who claimed them. Locks a coupon's row before its claims. */
export class ClaimRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Coupons that can be claimed at `now`. */
  async offers(
    { merchantId, now }: { readonly merchantId: string | undefined; readonly now: number },
    request: PageRequest,
  ): Promise<Page<Coupon>> {
    return readKeysetPage<CouponRow, Coupon>(this.#database, {
      columns: couponColumns,
      from: "coupons",
      where: { "claimable = ?": 1, [canBeClaimed]: [now, now], "merchant_id = ?": merchantId },
      sortColumns: { createdAt: "created_at" },
      request,
      present: couponFromRow,
    });
  }

  /** An offer, whether it can be claimed at the moment or not. */
  async offer(couponId: string): Promise<Coupon | undefined> {
    const sql = `SELECT ${couponColumns} FROM coupons WHERE id = ? AND claimable = 1`;
    const [row] = await this.#database.select<CouponRow>(sql, [couponId]);
    return row && couponFromRow(row);
  }

  /**
   * Claims an offer for a customer, within its limit.
   *
   * @returns false when it cannot be claimed at `now`, or the customer has claimed it; then roll back
   */
  async claim(couponId: string, customerId: string, now: number, tx: Tx): Promise<boolean> {
    const sql = `UPDATE coupons SET claims = claims + 1 WHERE id = ? AND claimable = 1 AND ${canBeClaimed}`;
    if ((await this.#database.execute(sql, [couponId, now, now], tx)) !== 1) return false;
    const row = { claim_id: newId(), coupon_id: couponId, customer_id: customerId, claimed_at: now };
    return this.#database.insertIfAbsent("coupon_claims", row, tx);
  }

  async ofCustomer(couponId: string, customerId: string): Promise<ClaimedCoupon | undefined> {
    const sql = `SELECT ${walletColumns} FROM ${wallet} WHERE m.coupon_id = ? AND m.customer_id = ?`;
    const [row] = await this.#database.select<ClaimedRow>(sql, [couponId, customerId]);
    return row && claimedFromRow(row);
  }

  async list(
    customerId: string,
    { state, now }: { readonly state: WalletState | undefined; readonly now: number },
    request: PageRequest,
  ): Promise<Page<ClaimedCoupon>> {
    return readKeysetPage<ClaimedRow, ClaimedCoupon>(this.#database, {
      columns: walletColumns,
      from: wallet,
      where: { "m.customer_id = ?": customerId, [`${walletStateSql} = ?`]: state && [now, now, state] },
      sortColumns: { claimedAt: "m.claimed_at" },
      idColumn: "m.claim_id",
      request,
      present: claimedFromRow,
    });
  }

  /**
   * Removes a deleted account's claims that no order used, up to a number at once; others can claim the coupons then.
   *
   * @throws Error when an order used one of them meanwhile
   */
  async removeUnused(customerId: string, tx: Tx): Promise<void> {
    const unused = `customer_id = ? AND NOT EXISTS (SELECT r.order_id FROM coupon_redemptions r
      WHERE r.coupon_id = coupon_claims.coupon_id AND r.customer_id = coupon_claims.customer_id)`;
    const found = await this.#database.select<{ id: string }>(
      `SELECT coupon_id AS id FROM coupon_claims WHERE ${unused} ORDER BY coupon_id LIMIT ?`,
      [customerId, removedAtOnce],
      tx,
    );
    if (found.length === 0) return;
    const ids = found.map(({ id }) => id);
    await this.#database.execute("UPDATE coupons SET claims = claims - 1 WHERE id IN (?)", [ids], tx);
    const sql = `DELETE FROM coupon_claims WHERE ${unused} AND coupon_id IN (?)`;
    if ((await this.#database.execute(sql, [customerId, ids], tx)) !== ids.length)
      throw new Error("a claim of a deleted account was used meanwhile");
  }
}

function claimedFromRow(row: ClaimedRow): ClaimedCoupon {
  return {
    coupon: couponFromRow(row),
    usesOfCustomer: row.uses_of_customer ?? 0,
    claimedAt: row.claimed_at,
  };
}
