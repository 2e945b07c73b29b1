import type { Database, Tx } from "../../../mixins/database/database.ts";

/** An open after-sale that delays the receipt of a part, or of a whole order. */
export interface ReceiptHold {
  readonly id: string;
  readonly orderId: string;
  /** Null for the whole order. */
  readonly partId: string | null;
}

/** A part due to be received by itself. */
export interface OverduePart {
  readonly id: string;
  readonly orderId: string;
  readonly receivableSince: number;
}

/** What decides about the receipt of orders, besides the orders. */
export class ReceiptRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Holds the receipt.
   *
   * @returns false when it is held by this after-sale already, or was released
   */
  async hold({ id, orderId, partId }: ReceiptHold, now: number, tx: Tx): Promise<boolean> {
    const row = { id, order_id: orderId, part_id: partId, held_at: now, released_at: null };
    if (!(await this.#database.insertIfAbsent("receipt_holds", row, tx))) return false;
    await this.#count(orderId, 1, tx);
    return true;
  }

  /**
   * Releases the receipt. A hold of the same after-sale that arrives later has no effect.
   *
   * @returns false when it is not held by this after-sale
   */
  async release(id: string, orderId: string, now: number, tx: Tx): Promise<boolean> {
    const changed = await this.#database.execute(
      "UPDATE receipt_holds SET released_at = ? WHERE id = ? AND order_id = ? AND released_at IS NULL",
      [now, id, orderId],
      tx,
    );
    if (changed === 1) {
      await this.#count(orderId, -1, tx);
      return true;
    }
    const row = { id, order_id: orderId, part_id: null, held_at: now, released_at: now };
    await this.#database.insertIfAbsent("receipt_holds", row, tx);
    return false;
  }

  /** Parts of an order whose receipt is held; `null` among them for the whole order. */
  async heldParts(orderId: string, tx: Tx): Promise<ReadonlySet<string | null>> {
    const rows = await this.#database.select<{ partId: string | null }>(
      "SELECT part_id AS partId FROM receipt_holds WHERE order_id = ? AND released_at IS NULL",
      [orderId],
      tx,
    );
    return new Set(rows.map(({ partId }) => partId));
  }

  /** Up to `limit` parts receivable since `until` or longer, longest first, after `after`. */
  async overdue(until: number, limit: number, after?: OverduePart): Promise<OverduePart[]> {
    const { receivableSince, id } = after ?? { receivableSince: 0, id: "" };
    return this.#database.select<OverduePart>(
      `SELECT id, order_id AS orderId, receivable_since AS receivableSince FROM order_parts
       WHERE receivable_since <= ? AND (receivable_since > ? OR (receivable_since = ? AND id > ?))
       ORDER BY receivable_since, id LIMIT ?`,
      [until, receivableSince, receivableSince, id, limit],
    );
  }

  /**
   * Marks a line as reviewed.
   *
   * @returns false when it was before, or is unknown
   */
  async markReviewed(lineId: string, orderId: string, tx: Tx): Promise<boolean> {
    const changed = await this.#database.execute(
      "UPDATE order_lines SET reviewed = 1 WHERE id = ? AND order_id = ? AND reviewed = 0",
      [lineId, orderId],
      tx,
    );
    return changed === 1;
  }

  /** Counts the received lines that await a review. */
  async countToReview(orderId: string, tx: Tx): Promise<void> {
    await this.#database.execute(
      `UPDATE orders SET to_review = (SELECT COUNT(*) FROM order_lines l JOIN order_parts p
         ON p.id = COALESCE(l.part_id, l.order_id)
         WHERE l.order_id = orders.id AND p.received_at IS NOT NULL AND l.reviewed = 0
           AND l.returned_quantity < l.quantity)
       WHERE id = ?`,
      [orderId],
      tx,
    );
  }

  async #count(orderId: string, by: 1 | -1, tx: Tx): Promise<void> {
    await this.#database.execute(
      "UPDATE orders SET after_sales = after_sales + ? WHERE id = ?",
      [by, orderId],
      tx,
    );
  }
}
