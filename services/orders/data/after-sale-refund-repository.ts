import type { Database, Tx } from "../../../mixins/database/database.ts";

/** What an after-sale led to. */
export interface AfterSaleRefund {
  /** Minor units. */
  readonly refund: number;
  readonly returnId: string | null;
  readonly refundId: string | null;
}

type Row = AfterSaleRefund & { settledAt: number | null };

/** Refunds of after-sales, by the after-sale's id: each once, for ever. */
export class AfterSaleRefundRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Records who had a refund allowed. @returns false when it is recorded already */
  async authorise(afterSaleId: string, orderId: string, actor: string, tx: Tx): Promise<boolean> {
    const row = { after_sale_id: afterSaleId, order_id: orderId, authorised_by: actor };
    return this.#database.insertIfAbsent("after_sale_refunds", row, tx);
  }

  /** The result of an after-sale that was settled. Under the lock of its order it is the final word. */
  async settled(afterSaleId: string, tx: Tx): Promise<AfterSaleRefund | undefined> {
    const [row] = await this.#database.select<Row>(
      `SELECT refund, return_id AS returnId, refund_id AS refundId, settled_at AS settledAt
       FROM after_sale_refunds WHERE after_sale_id = ?`,
      [afterSaleId],
      tx,
    );
    if (!row || row.settledAt === null) return undefined;
    const { settledAt: _at, ...result } = row;
    return result;
  }

  /** @throws Error when the after-sale is settled already, or is of another order */
  async settle(
    afterSaleId: string,
    orderId: string,
    { refund, returnId, refundId }: AfterSaleRefund,
    now: number,
    tx: Tx,
  ): Promise<void> {
    await this.#database.insertIfAbsent(
      "after_sale_refunds",
      { after_sale_id: afterSaleId, order_id: orderId },
      tx,
    );
    const settled = await this.#database.execute(
      `UPDATE after_sale_refunds SET return_id = ?, refund_id = ?, refund = ?, settled_at = ?
       WHERE after_sale_id = ? AND order_id = ? AND settled_at IS NULL`,
      [returnId, refundId, refund, now, afterSaleId, orderId],
      tx,
    );
    if (settled !== 1) throw new Error(`after-sale ${afterSaleId} was settled before, or for another order`);
  }
}
