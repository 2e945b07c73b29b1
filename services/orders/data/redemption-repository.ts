import type { Database, Tx } from "../../../mixins/database/database.ts";
import type { Coupon } from "../domain/coupon.ts";

/** The use of a coupon by an order. */
export interface Redemption {
  readonly coupon: Coupon;
  readonly orderId: string;
  readonly customerId: string;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
}

type UseRow = { order_id: string; coupon_id: string; customer_id: string };

/** Above any limit, and still an INTEGER. */
const noLimit = 2_147_483_647;

/**
 * Counts coupon uses. Locks a coupon's row before its customers' rows, in the last statements of a
 * transaction, since many orders contend for it.
 */
export class RedemptionRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Number of a customer's orders that use a coupon, and whether the customer has claimed it. */
  async standingOf(
    couponId: string,
    customerId: string,
  ): Promise<{ readonly usesOfCustomer: number; readonly isClaimed: boolean }> {
    const [row] = await this.#database.select<{ uses: number | null; claims: number }>(
      `SELECT (SELECT uses FROM coupon_customers WHERE coupon_id = ? AND customer_id = ?) AS uses,
         (SELECT COUNT(*) FROM coupon_claims WHERE coupon_id = ? AND customer_id = ?) AS claims`,
      [couponId, customerId, couponId, customerId],
    );
    return { usesOfCustomer: row?.uses ?? 0, isClaimed: (row?.claims ?? 0) > 0 };
  }

  /**
   * Redeems a coupon for an order, within its limits and on the terms known to the caller. Roll back on any
   * result other than `redeemed`.
   *
   * @returns `exhausted` and `customer-limit-reached` after concurrent uses; `changed` when its terms changed
   *   or it was removed
   */
  async redeem(
    { coupon, orderId, customerId, now }: Redemption,
    tx: Tx,
  ): Promise<"redeemed" | "exhausted" | "customer-limit-reached" | "changed"> {
    const counted = await this.#database.execute(
      `UPDATE coupons SET uses = uses + 1 WHERE id = ? AND version = ? AND (total_limit IS NULL OR uses < total_limit)
         AND (claimable = 0 OR EXISTS (SELECT claim_id FROM coupon_claims WHERE coupon_id = coupons.id AND customer_id = ?))`,
      [coupon.id, coupon.version, customerId],
      tx,
    );
    if (counted !== 1)
      return (await this.#versionOf(coupon.id, tx)) === coupon.version ? "exhausted" : "changed";
    if (!(await this.#countForCustomer(coupon, customerId, tx))) return "customer-limit-reached";
    await this.#database.execute(
      "INSERT INTO coupon_redemptions (order_id, coupon_id, customer_id, redeemed_at) VALUES (?, ?, ?, ?)",
      [orderId, coupon.id, customerId, now],
      tx,
    );
    return "redeemed";
  }

  /** Gives back the uses of cancelled or expired orders. Idempotent. */
  async release(orderIds: readonly string[], now: number, tx: Tx): Promise<void> {
    if (orderIds.length === 0) return;
    const uses = await this.#database.select<UseRow>(
      `SELECT order_id, coupon_id, customer_id FROM coupon_redemptions
       WHERE order_id IN (?) AND given_back_at IS NULL ORDER BY coupon_id, order_id`,
      [orderIds],
      tx,
    );
    // Lock order: by coupon, so that concurrent calls cannot deadlock.
    for (const use of uses) await this.#releaseOne(use, now, tx);
  }

  async #releaseOne({ order_id, coupon_id, customer_id }: UseRow, now: number, tx: Tx): Promise<void> {
    const once =
      "UPDATE coupon_redemptions SET given_back_at = ? WHERE order_id = ? AND given_back_at IS NULL";
    if ((await this.#database.execute(once, [now, order_id], tx)) !== 1) return;
    await this.#database.execute("UPDATE coupons SET uses = uses - 1 WHERE id = ?", [coupon_id], tx);
    const sql = "UPDATE coupon_customers SET uses = uses - 1 WHERE coupon_id = ? AND customer_id = ?";
    await this.#database.execute(sql, [coupon_id, customer_id], tx);
  }

  async #countForCustomer({ id, perCustomerLimit }: Coupon, customerId: string, tx: Tx): Promise<boolean> {
    const sql =
      "UPDATE coupon_customers SET uses = uses + 1 WHERE coupon_id = ? AND customer_id = ? AND uses < ?";
    if ((await this.#database.execute(sql, [id, customerId, perCustomerLimit ?? noLimit], tx)) === 1)
      return true;
    // No row yet, or a row at its limit.
    return this.#database.insertIfAbsent(
      "coupon_customers",
      { coupon_id: id, customer_id: customerId, uses: 1 },
      tx,
    );
  }

  async #versionOf(couponId: string, tx: Tx): Promise<number | undefined> {
    const sql = "SELECT version FROM coupons WHERE id = ?";
    const [row] = await this.#database.select<{ version: number }>(sql, [couponId], tx);
    return row?.version;
  }
}
