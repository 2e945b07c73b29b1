import type { Database, Tx } from "../../../mixins/database/database.ts";
import type { LineQuantity } from "../domain/fulfilment.ts";

/** Goods of an order returned together. */
export interface GoodsReturn {
  readonly id: string;
  readonly orderId: string;
  readonly lines: readonly LineQuantity[];
  /** Refund to the customer in minor units. */
  readonly refund: number;
  readonly currency: string;
  /** Whether they can be sold again. */
  readonly disposition: "restocked" | "discarded";
  readonly reason: string;
  readonly returnedAt: number;
}

export class ReturnRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async insert(taken: GoodsReturn, tx: Tx): Promise<void> {
    await this.#database.execute(
      `INSERT INTO returns (id, order_id, refund, currency, disposition, reason, returned_at)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
      [
        taken.id,
        taken.orderId,
        taken.refund,
        taken.currency,
        taken.disposition,
        taken.reason,
        taken.returnedAt,
      ],
      tx,
    );
    const rows = taken.lines.map(() => "(?, ?, ?, ?)").join(", ");
    const values = taken.lines.flatMap(({ lineId, quantity }, index) => [taken.id, lineId, index, quantity]);
    const sql = `INSERT INTO return_lines (return_id, order_line_id, line_no, quantity) VALUES ${rows}`;
    await this.#database.execute(sql, values, tx);
  }

  /** Oldest first. */
  async ofOrder(orderId: string): Promise<GoodsReturn[]> {
    const returns = await this.#database.select<Omit<GoodsReturn, "lines">>(
      `SELECT id, order_id AS orderId, refund, currency, disposition, reason, returned_at AS returnedAt
       FROM returns WHERE order_id = ? ORDER BY id`,
      [orderId],
    );
    if (returns.length === 0) return [];
    const lines = await this.#database.select<LineQuantity & { returnId: string }>(
      `SELECT return_id AS returnId, order_line_id AS lineId, quantity
       FROM return_lines WHERE return_id IN (?) ORDER BY return_id, line_no`,
      [returns.map(({ id }) => id)],
    );
    const linesOf = Map.groupBy(lines, ({ returnId }) => returnId);
    return returns.map((taken) => ({
      ...taken,
      lines: (linesOf.get(taken.id) ?? []).map(({ lineId, quantity }) => ({ lineId, quantity })),
    }));
  }
}
