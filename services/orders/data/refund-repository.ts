import type { Database, Tx } from "../../../mixins/database/database.ts";

export const refundCauses = ["cancellation", "return", "staff", "late-payment", "after-sale"] as const;

/** A refund to a customer. Amounts are minor units, times milliseconds since the Unix epoch. */
export interface Refund {
  readonly id: string;
  readonly orderId: string;
  readonly paymentId: string;
  readonly amount: number;
  readonly currency: string;
  /** `late-payment`: received after the order ceased to be payable; the order's own amounts do not change. */
  readonly cause: (typeof refundCauses)[number];
  readonly reason: string | null;
  /** `failed` needs staff; the money is still due. */
  readonly status: "requested" | "succeeded" | "failed";
  /** The provider's id of it. */
  readonly reference: string | null;
  readonly failure: string | null;
  readonly attempts: number;
  /** Number of retries by staff after the provider refused it. */
  readonly round: number;
  readonly requestedAt: number;
  readonly settledAt: number | null;
}

const columns = `id, order_id AS orderId, payment_id AS paymentId, amount, currency, cause, reason, status, reference, failure,
  attempts, round, requested_at AS requestedAt, settled_at AS settledAt`;

export class RefundRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async insert(refund: Refund, tx: Tx): Promise<void> {
    const sql = `INSERT INTO refunds (id, order_id, payment_id, amount, currency, cause, reason, status, attempts, round, refused,
        next_try_at, requested_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, ?, ?)`;
    const { id, orderId, paymentId, amount, currency, cause, reason, status, requestedAt } = refund;
    const values = [
      id,
      orderId,
      paymentId,
      amount,
      currency,
      cause,
      reason,
      status,
      requestedAt,
      requestedAt,
    ];
    await this.#database.execute(sql, values, tx);
  }

  async byId(id: string, tx: Tx): Promise<Refund | undefined> {
    const [refund] = await this.#database.select<Refund>(
      `SELECT ${columns} FROM refunds WHERE id = ?`,
      [id],
      tx,
    );
    return refund;
  }

  /** Oldest first. */
  async ofOrder(orderId: string): Promise<Refund[]> {
    return this.#database.select<Refund>(`SELECT ${columns} FROM refunds WHERE order_id = ? ORDER BY id`, [
      orderId,
    ]);
  }

  /** Refunds due for an attempt. */
  async due(now: number, limit: number, tx: Tx): Promise<Refund[]> {
    const sql = `SELECT ${columns} FROM refunds WHERE status = 'requested' AND next_try_at <= ? ORDER BY next_try_at LIMIT ?`;
    return this.#database.select<Refund>(sql, [now, limit], tx);
  }

  /**
   * Claims the next attempt. If the caller crashes, another attempt starts at `nextTryAt`.
   *
   * @returns false when another caller claimed it
   */
  async claimAttempt(refund: Refund, nextTryAt: number, tx: Tx): Promise<boolean> {
    const sql = `UPDATE refunds SET attempts = attempts + 1, next_try_at = ?
      WHERE id = ? AND status = 'requested' AND attempts = ? AND round = ?`;
    return (
      (await this.#database.execute(sql, [nextTryAt, refund.id, refund.attempts, refund.round], tx)) === 1
    );
  }

  /**
   * Reschedules it after an attempt without a result. Resets `attempts` when the provider accepted it and is
   * slow.
   */
  async scheduleRetry(
    id: string,
    change: {
      readonly nextTryAt: number;
      readonly failure?: string;
      readonly reference?: string;
      readonly attempts: number;
    },
    tx: Tx,
  ): Promise<void> {
    const sql = `UPDATE refunds SET next_try_at = ?, failure = ?, reference = COALESCE(?, reference), attempts = ?
      WHERE id = ? AND status = 'requested'`;
    const { nextTryAt, failure, reference, attempts } = change;
    await this.#database.execute(
      sql,
      [nextTryAt, failure?.slice(0, 300) ?? null, reference ?? null, attempts, id],
      tx,
    );
  }

  /** @returns false when it succeeded before, or was refused under this reference */
  async succeed(id: string, reference: string | null, now: number, tx: Tx): Promise<boolean> {
    const sql = `UPDATE refunds SET status = 'succeeded', failure = NULL, reference = ?, refused = 0, settled_at = ?
      WHERE id = ? AND (status = 'requested' OR (status = 'failed' AND (reference IS NULL OR reference <> ?)))`;
    return (await this.#database.execute(sql, [reference, now, id, reference], tx)) === 1;
  }

  /**
   * @param refused true when the provider refused it; false when it did not respond
   * @returns false when it had failed before
   */
  async fail(
    id: string,
    from: "requested" | "succeeded",
    failure: { readonly reference: string | null; readonly reason: string; readonly refused: boolean },
    now: number,
    tx: Tx,
  ): Promise<boolean> {
    const sql = `UPDATE refunds SET status = 'failed', failure = ?, reference = COALESCE(?, reference), refused = ?, settled_at = ?
      WHERE id = ? AND status = ?`;
    const { reference, reason, refused } = failure;
    return (
      (await this.#database.execute(
        sql,
        [reason.slice(0, 300), reference, Number(refused), now, id, from],
        tx,
      )) === 1
    );
  }

  /**
   * Retries a failed refund of an order.
   *
   * @returns false when it has not failed
   */
  async reopen(id: string, orderId: string, now: number, tx: Tx): Promise<boolean> {
    const sql = `UPDATE refunds SET status = 'requested', failure = NULL, attempts = 0, round = round + refused,
        reference = CASE WHEN refused = 1 THEN NULL ELSE reference END, next_try_at = ?, settled_at = NULL
      WHERE id = ? AND order_id = ? AND status = 'failed'`;
    return (await this.#database.execute(sql, [now, id, orderId], tx)) === 1;
  }
}
