import type { Database, Tx } from "../../../mixins/database/database.ts";

/**
 * Customers without an account. The lock on a guest's row decides between an order and a claim: an order commits
 * before the claim, which moves it, or not at all.
 */
export class GuestRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Notes a guest, in its own transaction; idempotent. */
  async note(guestId: string): Promise<void> {
    await this.#database.insertIfAbsentWithAutocommit("guests", { guest_id: guestId });
  }

  /** Locks a noted guest until the transaction ends. @returns false when an account has claimed its orders */
  async hold(guestId: string, tx: Tx): Promise<boolean> {
    const sql = `SELECT claimed_by AS claimedBy FROM guests WHERE guest_id = ?${this.#database.forUpdate}`;
    const [guest] = await this.#database.select<{ claimedBy: string | null }>(sql, [guestId], tx);
    return guest?.claimedBy === null;
  }

  /** Ends a guest: its orders, and uses of coupons, become the account's. Idempotent. */
  async claim(
    { guestId, userId, at }: { readonly guestId: string; readonly userId: string; readonly at: number },
    tx: Tx,
  ): Promise<void> {
    const end = "UPDATE guests SET claimed_by = ?, claimed_at = ? WHERE guest_id = ? AND claimed_by IS NULL";
    if ((await this.#database.execute(end, [userId, at, guestId], tx)) === 0) {
      const row = { guest_id: guestId, claimed_by: userId, claimed_at: at };
      if (!(await this.#database.insertIfAbsent("guests", row, tx))) return;
    }
    await this.#moveUses(guestId, userId, tx);
    await this.#database.execute(
      `UPDATE orders SET customer_id = ?, contact_email = NULL, contact_phone = NULL, contact_locale = NULL
       WHERE customer_id = ?`,
      [userId, guestId],
      tx,
    );
  }

  /** Lock order: orders, then coupons, then their customers, as where a coupon is redeemed or given back. */
  async #moveUses(guestId: string, userId: string, tx: Tx): Promise<void> {
    const { forUpdate } = this.#database;
    const lock = `SELECT id FROM orders WHERE customer_id = ?${forUpdate}`;
    if ((await this.#database.select(lock, [guestId], tx)).length === 0) return;
    const coupons = await this.#database.select<{ id: string }>(
      `SELECT DISTINCT r.coupon_id AS id FROM orders o JOIN coupon_redemptions r ON r.order_id = o.id
       WHERE o.customer_id = ? ORDER BY r.coupon_id`,
      [guestId],
      tx,
    );
    for (const { id } of coupons) {
      await this.#database.select(`SELECT id FROM coupons WHERE id = ?${forUpdate}`, [id], tx);
      const [used] = await this.#database.select<{ uses: number }>(
        `SELECT uses FROM coupon_customers WHERE coupon_id = ? AND customer_id = ?${forUpdate}`,
        [id, guestId],
        tx,
      );
      const account = { coupon_id: id, customer_id: userId, uses: 0 };
      await this.#database.insertIfAbsent("coupon_customers", account, tx);
      const add = "UPDATE coupon_customers SET uses = uses + ? WHERE coupon_id = ? AND customer_id = ?";
      await this.#database.execute(add, [used?.uses ?? 0, id, userId], tx);
      const remove = "DELETE FROM coupon_customers WHERE coupon_id = ? AND customer_id = ?";
      await this.#database.execute(remove, [id, guestId], tx);
      const move = "UPDATE coupon_redemptions SET customer_id = ? WHERE coupon_id = ? AND customer_id = ?";
      await this.#database.execute(move, [userId, id, guestId], tx);
    }
  }
}
