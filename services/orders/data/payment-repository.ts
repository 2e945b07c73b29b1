import type { PaymentProviderName } from "../../../config/env.ts";
import type { Database, Tx } from "../../../mixins/database/database.ts";

/** Money for an order. Amounts are minor units, times milliseconds since 1970, UTC. */
export interface Payment {
  readonly id: string;
  readonly orderId: string;
  readonly provider: PaymentProviderName;
  /**
   * - `pending`: the customer has not paid yet, or the provider has not told
   * - `failed`: did not work; the customer may try again, so it can still succeed
   * - `succeeded`: the money is there, whether the order could be paid with it or not
   * - `mismatched`: money is there, but not the amount that was asked for; a matter for staff
   */
  readonly status: "pending" | "succeeded" | "failed" | "mismatched";
  /** The provider's name for it; for example the bank's. */
  readonly reference: string | null;
  readonly amount: number;
  readonly currency: string;
  /** Given or due back of it: Σ of its refunds. */
  readonly refunded: number;
  /** Why it failed. */
  readonly failure: string | null;
  /** What came in instead of `amount` and `currency`. */
  readonly receivedAmount: number | null;
  readonly receivedCurrency: string | null;
  readonly startedAt: number;
  readonly paidAt: number | null;
}

const columns = `id, order_id AS orderId, provider, status, reference, amount, currency, refunded, failure,
  received_amount AS receivedAmount, received_currency AS receivedCurrency, started_at AS startedAt, paid_at AS paidAt`;

/** Payments change by compare-and-set on their status: of two who bring the same news, one finds them changed. */
export class PaymentRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** @returns false when it is there already */
  async insert(payment: Payment, tx: Tx): Promise<boolean> {
    return this.#database.insertNew(
      "payments",
      {
        id: payment.id,
        order_id: payment.orderId,
        provider: payment.provider,
        status: payment.status,
        reference: payment.reference,
        amount: payment.amount,
        currency: payment.currency,
        refunded: payment.refunded,
        failure: payment.failure,
        received_amount: payment.receivedAmount,
        received_currency: payment.receivedCurrency,
        started_at: payment.startedAt,
        paid_at: payment.paidAt,
      },
      tx,
    );
  }

  async byId(id: string, tx: Tx): Promise<Payment | undefined> {
    const [payment] = await this.#database.select<Payment>(`SELECT ${columns} FROM payments WHERE id = ?`, [id], tx);
    return payment;
  }

  async byReference(provider: PaymentProviderName, reference: string, tx: Tx): Promise<Payment | undefined> {
    const sql = `SELECT ${columns} FROM payments WHERE provider = ? AND reference = ? ORDER BY id LIMIT 1`;
    const [payment] = await this.#database.select<Payment>(sql, [provider, reference], tx);
    return payment;
  }

  /** Oldest first. */
  async ofOrder(orderId: string, tx?: Tx): Promise<Payment[]> {
    return this.#database.select<Payment>(`SELECT ${columns} FROM payments WHERE order_id = ? ORDER BY id`, [orderId], tx);
  }

  async keepReference(id: string, reference: string, tx: Tx): Promise<void> {
    const sql = "UPDATE payments SET reference = ? WHERE id = ? AND reference IS NULL";
    await this.#database.execute(sql, [reference, id], tx);
  }

  /** @returns false when it had succeeded before, or was found not to match */
  async succeed(id: string, now: number, tx: Tx): Promise<boolean> {
    const sql = `UPDATE payments SET status = 'succeeded', failure = NULL, paid_at = ?
      WHERE id = ? AND status IN ('pending', 'failed')`;
    return (await this.#database.execute(sql, [now, id], tx)) === 1;
  }

  /** @returns false unless it was pending: what came in is not undone by late news */
  async fail(id: string, failure: string, tx: Tx): Promise<boolean> {
    const sql = "UPDATE payments SET status = 'failed', failure = ? WHERE id = ? AND status = 'pending'";
    return (await this.#database.execute(sql, [failure.slice(0, 300), id], tx)) === 1;
  }

  /** @returns false when it had succeeded before, or was found not to match */
  async mismatch(id: string, received: { amount: number; currency: string }, now: number, tx: Tx): Promise<boolean> {
    const sql = `UPDATE payments SET status = 'mismatched', received_amount = ?, received_currency = ?, paid_at = ?
      WHERE id = ? AND status IN ('pending', 'failed')`;
    return (await this.#database.execute(sql, [received.amount, received.currency, now, id], tx)) === 1;
  }

  /** Counts money of a payment as due back. @returns false when that much is not left of it */
  async takeRefund(id: string, amount: number, tx: Tx): Promise<boolean> {
    const sql = `UPDATE payments SET refunded = refunded + ?
      WHERE id = ? AND status = 'succeeded' AND amount - refunded >= ?`;
    return (await this.#database.execute(sql, [amount, id, amount], tx)) === 1;
  }
}
