import type { Database, Tx } from "../../../mixins/database/database.ts";

/** Money that came in for an order, in minor units. */
export interface Payment {
  readonly id: string;
  readonly orderId: string;
  readonly provider: "manual";
  /** For example the bank's. */
  readonly reference: string | null;
  readonly amount: number;
  readonly currency: string;
  readonly paidAt: number;
}

export class PaymentRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async insert(payment: Payment, tx: Tx): Promise<void> {
    await this.#database.execute(
      "INSERT INTO payments (id, order_id, provider, reference, amount, currency, paid_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
      [
        payment.id,
        payment.orderId,
        payment.provider,
        payment.reference,
        payment.amount,
        payment.currency,
        payment.paidAt,
      ],
      tx,
    );
  }

  /** Oldest first. */
  async ofOrder(orderId: string): Promise<Payment[]> {
    return this.#database.select<Payment>(
      `SELECT id, order_id AS orderId, provider, reference, amount, currency, paid_at AS paidAt
       FROM payments WHERE order_id = ? ORDER BY id`,
      [orderId],
    );
  }
}
