import type { Database, Tx } from "../../../mixins/database/database.ts";
import type { Sale } from "../domain/shares.ts";

/** A merchant's part of a paid order. */
export interface PartSale extends Sale {
  readonly partId: string;
  readonly orderId: string;
  readonly orderNumber: string;
  readonly merchantId: string;
  readonly currency: string;
  /** In the ledger so far. */
  readonly refunded: number;
  readonly paidAt: number;
  /** When its money becomes due; null before the receipt of its goods, and once it is due. */
  readonly releaseAt: number | null;
  readonly releasedAt: number | null;
}

/** A sale whose return window has ended. */
export interface DueSale {
  readonly partId: string;
  readonly merchantId: string;
  readonly releaseAt: number;
}

export interface PartRefund {
  readonly refundId: string;
  readonly partId: string;
  readonly amount: number;
}

const columns = `part_id AS partId, order_id AS orderId, order_number AS orderNumber, merchant_id AS merchantId, currency,
  total, borne_by_mall AS borneByMall, commission, refunded, paid_at AS paidAt, release_at AS releaseAt,
  released_at AS releasedAt`;

export class SaleRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** @returns false when it is known */
  async insert(sale: PartSale, tx: Tx): Promise<boolean> {
    const row = {
      part_id: sale.partId,
      order_id: sale.orderId,
      order_number: sale.orderNumber,
      merchant_id: sale.merchantId,
      currency: sale.currency,
      total: sale.total,
      borne_by_mall: sale.borneByMall,
      commission: sale.commission,
      refunded: sale.refunded,
      paid_at: sale.paidAt,
      release_at: sale.releaseAt,
      released_at: sale.releasedAt,
    };
    return this.#database.insertIfAbsent("sales", row, tx);
  }

  /** Locks it until the transaction ends. */
  async lock(partId: string, tx: Tx): Promise<PartSale | undefined> {
    const sql = `SELECT ${columns} FROM sales WHERE part_id = ?${this.#database.forUpdate}`;
    return (await this.#database.select<PartSale>(sql, [partId], tx))[0];
  }

  /** Raises what is refunded of a locked sale. */
  async addRefunded(partId: string, amount: number, tx: Tx): Promise<void> {
    await this.#database.execute(
      "UPDATE sales SET refunded = refunded + ? WHERE part_id = ?",
      [amount, partId],
      tx,
    );
  }

  /** @returns false when the refund is known */
  async insertRefund(refund: PartRefund, postedAt: number | null, tx: Tx): Promise<boolean> {
    const { refundId, partId, amount } = refund;
    const row = { refund_id: refundId, part_id: partId, amount, posted_at: postedAt };
    return this.#database.insertIfAbsent("refunds", row, tx);
  }

  /** Refunds that arrived before their sale, which are then posted with it. */
  async takeEarlyRefunds(partId: string, now: number, tx: Tx): Promise<PartRefund[]> {
    const early = await this.#database.select<PartRefund>(
      `SELECT refund_id AS refundId, part_id AS partId, amount FROM refunds
       WHERE part_id = ? AND posted_at IS NULL ORDER BY refund_id`,
      [partId],
      tx,
    );
    if (early.length > 0)
      await this.#database.execute(
        "UPDATE refunds SET posted_at = ? WHERE part_id = ? AND posted_at IS NULL",
        [now, partId],
        tx,
      );
    return early;
  }

  async insertReceipt(partId: string, receivedAt: number, tx: Tx): Promise<boolean> {
    return this.#database.insertIfAbsent("receipts", { part_id: partId, received_at: receivedAt }, tx);
  }

  async receivedAt(partId: string, tx: Tx): Promise<number | undefined> {
    const sql = "SELECT received_at AS receivedAt FROM receipts WHERE part_id = ?";
    return (await this.#database.select<{ receivedAt: number }>(sql, [partId], tx))[0]?.receivedAt;
  }

  /** Schedules the release of its money, if that has not happened. */
  async scheduleRelease(partId: string, releaseAt: number, tx: Tx): Promise<void> {
    await this.#database.execute(
      "UPDATE sales SET release_at = ? WHERE part_id = ? AND release_at IS NULL AND released_at IS NULL",
      [releaseAt, partId],
      tx,
    );
  }

  /** Up to `limit` sales whose money is to become due, longest overdue first, behind `after`. */
  async toRelease(now: number, limit: number, after?: DueSale): Promise<DueSale[]> {
    const { releaseAt, partId } = after ?? { releaseAt: 0, partId: "" };
    return this.#database.select<DueSale>(
      `SELECT part_id AS partId, merchant_id AS merchantId, release_at AS releaseAt FROM sales
       WHERE release_at >= ? AND release_at <= ? AND (release_at > ? OR part_id > ?)
       ORDER BY release_at, part_id LIMIT ?`,
      [releaseAt, now, releaseAt, partId, limit],
    );
  }

  /** @returns false when another node released it */
  async release(partId: string, now: number, tx: Tx): Promise<boolean> {
    const sql =
      "UPDATE sales SET release_at = NULL, released_at = ? WHERE part_id = ? AND release_at IS NOT NULL";
    return (await this.#database.execute(sql, [now, partId], tx)) === 1;
  }
}
