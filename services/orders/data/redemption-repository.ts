import type { Database, Tx } from "../../../mixins/database/database.ts";
import type { Coupon } from "../domain/coupon.ts";

/** That an order uses a coupon. */
export interface Redemption {
  readonly coupon: Coupon;
  readonly orderId: string;
  readonly customerId: string;
  /** Milliseconds since 1970, UTC. */
  readonly now: number;
}

type UseRow = { order_id: string; coupon_id: string; customer_id: string };

/** More than any limit, and still an INTEGER. */
const noLimit = 2_147_483_647;

/**
 * Counts what coupons are used for. A coupon's row is locked before its customers' rows are, and by the last statements
 * of a transaction: many orders want the same one.
 */
export class RedemptionRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** How many orders of a customer use a coupon. */
  async usesOf(couponId: string, customerId: string): Promise<number> {
    const sql = "SELECT uses FROM coupon_customers WHERE coupon_id = ? AND customer_id = ?";
    const [row] = await this.#database.select<{ uses: number }>(sql, [couponId, customerId]);
    return row?.uses ?? 0;
  }

  /**
   * Uses a coupon for an order, within its limits and only on the terms that the caller knows. When it is anything but
   * `redeemed`, the transaction must be given up.
   *
   * @returns `exhausted` and `customer-limit-reached` when others were faster; `changed` when it has other terms now or
   * was removed
   */
  async redeem(
    { coupon, orderId, customerId, now }: Redemption,
    tx: Tx,
  ): Promise<"redeemed" | "exhausted" | "customer-limit-reached" | "changed"> {
    const counted = await this.#database.execute(
      "UPDATE coupons SET uses = uses + 1 WHERE id = ? AND version = ? AND (total_limit IS NULL OR uses < total_limit)",
      [coupon.id, coupon.version],
      tx,
    );
    if (counted !== 1) return (await this.#versionOf(coupon.id, tx)) === coupon.version ? "exhausted" : "changed";
    if (!(await this.#countForCustomer(coupon, customerId, tx))) return "customer-limit-reached";
    await this.#database.execute(
      "INSERT INTO coupon_redemptions (order_id, coupon_id, customer_id, redeemed_at) VALUES (?, ?, ?, ?)",
      [orderId, coupon.id, customerId, now],
      tx,
    );
    return "redeemed";
  }

  /** Gives back what orders that came to nothing have used, each once, however often this is called. */
  async giveBack(orderIds: readonly string[], now: number, tx: Tx): Promise<void> {
    if (orderIds.length === 0) return;
    const uses = await this.#database.select<UseRow>(
      `SELECT order_id, coupon_id, customer_id FROM coupon_redemptions
       WHERE order_id IN (?) AND given_back_at IS NULL ORDER BY coupon_id, order_id`,
      [orderIds],
      tx,
    );
    // In the order of coupons, so that two that give back many never wait for each other.
    for (const use of uses) await this.#giveBackOne(use, now, tx);
  }

  async #giveBackOne({ order_id, coupon_id, customer_id }: UseRow, now: number, tx: Tx): Promise<void> {
    const once = "UPDATE coupon_redemptions SET given_back_at = ? WHERE order_id = ? AND given_back_at IS NULL";
    if ((await this.#database.execute(once, [now, order_id], tx)) !== 1) return;
    await this.#database.execute("UPDATE coupons SET uses = uses - 1 WHERE id = ?", [coupon_id], tx);
    const sql = "UPDATE coupon_customers SET uses = uses - 1 WHERE coupon_id = ? AND customer_id = ?";
    await this.#database.execute(sql, [coupon_id, customer_id], tx);
  }

  async #countForCustomer({ id, perCustomerLimit }: Coupon, customerId: string, tx: Tx): Promise<boolean> {
    const sql = "UPDATE coupon_customers SET uses = uses + 1 WHERE coupon_id = ? AND customer_id = ? AND uses < ?";
    if ((await this.#database.execute(sql, [id, customerId, perCustomerLimit ?? noLimit], tx)) === 1) return true;
    // Either there is no row yet, or there is one and it is full.
    return this.#database.insertNew("coupon_customers", { coupon_id: id, customer_id: customerId, uses: 1 }, tx);
  }

  async #versionOf(couponId: string, tx: Tx): Promise<number | undefined> {
    const sql = "SELECT version FROM coupons WHERE id = ?";
    const [row] = await this.#database.select<{ version: number }>(sql, [couponId], tx);
    return row?.version;
  }
}
