import type { Database, Tx } from "../../../mixins/database/database.ts";

/** A payment for an order. Amounts are minor units, times milliseconds since the Unix epoch. */
export interface Payment {
  readonly id: string;
  readonly orderId: string;
  readonly provider: string;
  /** The saved payment method that it charges. */
  readonly methodId: string | null;
  /**
   * - `pending`: not paid yet, or not reported by the provider
   * - `failed`: it failed; the customer may retry, so it can still succeed
   * - `succeeded`: money received, whether it could pay the order or not
   * - `mismatched`: another amount than requested was received; staff must handle it
   */
  readonly status: "pending" | "succeeded" | "failed" | "mismatched";
  /** The provider's id of it; for example the bank's. */
  readonly reference: string | null;
  readonly amount: number;
  readonly currency: string;
  /** Refunded or due to be: Σ of its refunds. */
  readonly refunded: number;
  /** Reason of the failure. */
  readonly failure: string | null;
  /** Received instead of `amount` and `currency`. */
  readonly receivedAmount: number | null;
  readonly receivedCurrency: string | null;
  readonly startedAt: number;
  readonly paidAt: number | null;
  /** Since when no payment can succeed under it at its provider. */
  readonly closedAt: number | null;
  /** Earliest next query at its provider; null when there is nothing to ask. */
  readonly queryAt: number | null;
  /** Queries so far; after a response at most `answeredQueries`. */
  readonly queries: number;
}

const columns = `id, order_id AS orderId, provider, method_id AS methodId, status, reference, amount, currency, refunded, failure,
  received_amount AS receivedAmount, received_currency AS receivedCurrency, started_at AS startedAt, paid_at AS paidAt,
  closed_at AS closedAt, query_at AS queryAt, queries`;

/** Payments change by compare-and-set on their status: of two reports of the same change, one applies. */
export class PaymentRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** @returns false when it exists already */
  async insert(payment: Payment, tx: Tx): Promise<boolean> {
    return this.#database.insertIfAbsent(
      "payments",
      {
        id: payment.id,
        order_id: payment.orderId,
        provider: payment.provider,
        method_id: payment.methodId,
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
        closed_at: payment.closedAt,
        query_at: payment.queryAt,
        queries: payment.queries,
      },
      tx,
    );
  }

  async byId(id: string, tx: Tx): Promise<Payment | undefined> {
    const [payment] = await this.#database.select<Payment>(
      `SELECT ${columns} FROM payments WHERE id = ?`,
      [id],
      tx,
    );
    return payment;
  }

  /** As `byId`, and locks it until the transaction ends. */
  async lock(id: string, tx: Tx): Promise<Payment | undefined> {
    const sql = `SELECT ${columns} FROM payments WHERE id = ? ${this.#database.forUpdate}`;
    const [payment] = await this.#database.select<Payment>(sql, [id], tx);
    return payment;
  }

  async byReference(provider: string, reference: string, tx: Tx): Promise<Payment | undefined> {
    const sql = `SELECT ${columns} FROM payments WHERE provider = ? AND reference = ? ORDER BY id LIMIT 1`;
    const [payment] = await this.#database.select<Payment>(sql, [provider, reference], tx);
    return payment;
  }

  /** Oldest first. */
  async ofOrder(orderId: string, tx?: Tx): Promise<Payment[]> {
    return this.#database.select<Payment>(
      `SELECT ${columns} FROM payments WHERE order_id = ? ORDER BY id`,
      [orderId],
      tx,
    );
  }

  async keepReference(id: string, reference: string, tx: Tx): Promise<void> {
    const sql = "UPDATE payments SET reference = ? WHERE id = ? AND reference IS NULL";
    await this.#database.execute(sql, [reference, id], tx);
  }

  /** @returns false when it has succeeded or mismatched already */
  async succeed(id: string, now: number, tx: Tx): Promise<boolean> {
    const sql = `UPDATE payments SET status = 'succeeded', failure = NULL, paid_at = ?, query_at = NULL
      WHERE id = ? AND status IN ('pending', 'failed')`;
    return (await this.#database.execute(sql, [now, id], tx)) === 1;
  }

  /** @returns false unless it was pending: a late failure report does not undo a receipt */
  async fail(id: string, failure: string, tx: Tx): Promise<boolean> {
    const sql = "UPDATE payments SET status = 'failed', failure = ? WHERE id = ? AND status = 'pending'";
    return (await this.#database.execute(sql, [failure.slice(0, 300), id], tx)) === 1;
  }

  /**
   * Records that no payment can succeed under it any more; a pending one has failed.
   *
   * @returns false when it has a result or was closed already
   */
  async close(id: string, reason: string, now: number, tx: Tx): Promise<boolean> {
    // MySQL assigns from left to right: the condition needs the status before.
    const sql = `UPDATE payments SET failure = CASE WHEN status = 'pending' THEN ? ELSE failure END,
        status = 'failed', closed_at = ?, query_at = NULL
      WHERE id = ? AND status IN ('pending', 'failed') AND closed_at IS NULL`;
    return (await this.#database.execute(sql, [reason.slice(0, 300), now, id], tx)) === 1;
  }

  /** Undoes a closing that overtook the start; the payment is due for a query. */
  async reopen(id: string, now: number, tx: Tx): Promise<void> {
    const sql =
      "UPDATE payments SET closed_at = NULL, query_at = ? WHERE id = ? AND status IN ('pending', 'failed')";
    await this.#database.execute(sql, [now, id], tx);
  }

  /** Queries for a payment that was closed go on, or end: `queryAt` null. */
  async watch(id: string, queryAt: number | null, tx: Tx): Promise<void> {
    const sql =
      "UPDATE payments SET query_at = ? WHERE id = ? AND status = 'failed' AND closed_at IS NOT NULL";
    await this.#database.execute(sql, [queryAt, id], tx);
  }

  /** Payments due for a query. */
  async due(now: number, limit: number, tx: Tx): Promise<Payment[]> {
    const sql = `SELECT ${columns} FROM payments WHERE query_at <= ? ORDER BY query_at LIMIT ?`;
    return this.#database.select<Payment>(sql, [now, limit], tx);
  }

  /**
   * Claims the next query; if the caller crashes, another one is made at `nextQueryAt`.
   *
   * @returns false when another caller claimed it
   */
  async claimQuery({ id, queryAt, queries }: Payment, nextQueryAt: number, tx: Tx): Promise<boolean> {
    const sql = "UPDATE payments SET query_at = ?, queries = ? WHERE id = ? AND query_at = ? AND queries = ?";
    return (await this.#database.execute(sql, [nextQueryAt, queries + 1, id, queryAt, queries], tx)) === 1;
  }

  /** Schedules the query after one that was answered. `queryAt` null: a result makes it needless. */
  async scheduleQuery(
    id: string,
    { queryAt, queries }: Pick<Payment, "queryAt" | "queries">,
    tx: Tx,
  ): Promise<void> {
    const sql = "UPDATE payments SET query_at = ?, queries = ? WHERE id = ? AND query_at IS NOT NULL";
    await this.#database.execute(sql, [queryAt, queries, id], tx);
  }

  /** @returns false when it has succeeded or mismatched already */
  async mismatch(
    id: string,
    received: { amount: number; currency: string },
    now: number,
    tx: Tx,
  ): Promise<boolean> {
    const sql = `UPDATE payments SET status = 'mismatched', received_amount = ?, received_currency = ?, paid_at = ?,
        query_at = NULL
      WHERE id = ? AND status IN ('pending', 'failed')`;
    return (await this.#database.execute(sql, [received.amount, received.currency, now, id], tx)) === 1;
  }

  /**
   * Reserves an amount of a payment for a refund.
   *
   * @returns false when less is left of it
   */
  async addRefunded(id: string, amount: number, tx: Tx): Promise<boolean> {
    const sql = `UPDATE payments SET refunded = refunded + ?
      WHERE id = ? AND status = 'succeeded' AND amount - refunded >= ?`;
    return (await this.#database.execute(sql, [amount, id, amount], tx)) === 1;
  }
}
