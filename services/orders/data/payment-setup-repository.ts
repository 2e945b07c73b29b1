import type { Database, Tx } from "../../../mixins/database/database.ts";

/** A customer's attempt to save a payment method at a provider. Times are milliseconds since the Unix epoch. */
export interface PaymentSetup {
  readonly id: string;
  readonly customerId: string;
  readonly provider: string;
  /**
   * - `pending`: the customer has not finished it, or the provider did not report
   * - `succeeded`: the method is saved
   * - `expired`: not finished in time; it can still succeed
   * - `refused`: finished, but not saved; the method is detached
   */
  readonly status: "pending" | "succeeded" | "expired" | "refused";
  /** The provider's id of it. */
  readonly reference: string | null;
  /** Of the last attempt. */
  readonly failure: string | null;
  readonly methodId: string | null;
  /** Queries at the provider so far. */
  readonly attempts: number;
  readonly createdAt: number;
  readonly settledAt: number | null;
}

const columns = `id, customer_id AS customerId, provider, status, reference, failure, method_id AS methodId,
  attempts, created_at AS createdAt, settled_at AS settledAt`;

/** Setups change by compare-and-set on their status: of two reports of the same change, one applies. */
export class PaymentSetupRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async insert(setup: PaymentSetup, dueAt: number, tx: Tx): Promise<void> {
    const sql = `INSERT INTO payment_setups (id, customer_id, provider, status, attempts, due_at, created_at)
      VALUES (?, ?, ?, ?, 0, ?, ?)`;
    const { id, customerId, provider, status, createdAt } = setup;
    await this.#database.execute(sql, [id, customerId, provider, status, dueAt, createdAt], tx);
  }

  /** @param owner restricts it to this customer's setups */
  async byId(id: string, owner: string | undefined, tx?: Tx): Promise<PaymentSetup | undefined> {
    const [setup] = await this.#database.select<PaymentSetup>(
      `SELECT ${columns} FROM payment_setups WHERE id = ?${owner === undefined ? "" : " AND customer_id = ?"}`,
      owner === undefined ? [id] : [id, owner],
      tx,
    );
    return setup;
  }

  /** Number of a customer's setups created since `since`. */
  async countSince(customerId: string, since: number, tx: Tx): Promise<number> {
    const sql = "SELECT COUNT(*) AS n FROM payment_setups WHERE customer_id = ? AND created_at > ?";
    const [row] = await this.#database.select<{ n: number }>(sql, [customerId, since], tx);
    return row?.n ?? 0;
  }

  async keepReference(id: string, reference: string, tx: Tx): Promise<void> {
    const sql = "UPDATE payment_setups SET reference = ? WHERE id = ? AND reference IS NULL";
    await this.#database.execute(sql, [reference, id], tx);
  }

  /** Makes an unfinished setup due for a query at once. */
  async hasten(id: string, now: number, tx: Tx): Promise<void> {
    const sql = "UPDATE payment_setups SET due_at = ? WHERE id = ? AND status IN ('pending', 'expired')";
    await this.#database.execute(sql, [now, id], tx);
  }

  /** Ends the queries for an expired setup; a notice can make it due again. */
  async rest(id: string, tx: Tx): Promise<void> {
    const sql = "UPDATE payment_setups SET due_at = NULL WHERE id = ? AND status = 'expired'";
    await this.#database.execute(sql, [id], tx);
  }

  /** Setups due for a query: pending ones, and expired ones of which the provider told something. */
  async due(now: number, limit: number, tx: Tx): Promise<PaymentSetup[]> {
    const sql = `SELECT ${columns} FROM payment_setups WHERE due_at <= ? ORDER BY due_at LIMIT ?`;
    return this.#database.select<PaymentSetup>(sql, [now, limit], tx);
  }

  /**
   * Claims the next query; the one after is at `dueAt`.
   *
   * @returns false when another caller claimed it
   */
  async claimAttempt({ id, attempts }: PaymentSetup, dueAt: number, tx: Tx): Promise<boolean> {
    const sql = `UPDATE payment_setups SET attempts = attempts + 1, due_at = ?
      WHERE id = ? AND due_at IS NOT NULL AND attempts = ?`;
    return (await this.#database.execute(sql, [dueAt, id, attempts], tx)) === 1;
  }

  async keepFailure(id: string, failure: string, tx: Tx): Promise<void> {
    const sql = "UPDATE payment_setups SET failure = ? WHERE id = ? AND status = 'pending'";
    await this.#database.execute(sql, [failure.slice(0, 300), id], tx);
  }

  /** @returns false unless it had the status `from` */
  async succeed(id: string, from: "pending" | "expired", now: number, tx: Tx): Promise<boolean> {
    const sql = `UPDATE payment_setups SET status = 'succeeded', failure = NULL, method_id = id, due_at = NULL,
        settled_at = ?
      WHERE id = ? AND status = ?`;
    return (await this.#database.execute(sql, [now, id, from], tx)) === 1;
  }

  /** Corrects a success: the method was saved before, under another id. */
  async isMethod(id: string, methodId: string, tx: Tx): Promise<void> {
    const sql = "UPDATE payment_setups SET method_id = ? WHERE id = ? AND status = 'succeeded'";
    await this.#database.execute(sql, [methodId, id], tx);
  }

  /** Corrects a success: the method is not kept. */
  async refuse(id: string, failure: string, tx: Tx): Promise<void> {
    const sql = `UPDATE payment_setups SET status = 'refused', failure = ?, method_id = NULL
      WHERE id = ? AND status = 'succeeded'`;
    await this.#database.execute(sql, [failure, id], tx);
  }

  /** @returns false unless it was pending */
  async expire(id: string, failure: string | null, now: number, tx: Tx): Promise<boolean> {
    const sql = `UPDATE payment_setups SET status = 'expired', failure = COALESCE(?, failure), settled_at = ?
      WHERE id = ? AND status = 'pending'`;
    return (await this.#database.execute(sql, [failure?.slice(0, 300) ?? null, now, id], tx)) === 1;
  }

  async expireAllOf(customerId: string, now: number, tx: Tx): Promise<void> {
    const sql = `UPDATE payment_setups SET status = 'expired', due_at = NULL, settled_at = ?
      WHERE customer_id = ? AND status = 'pending'`;
    await this.#database.execute(sql, [now, customerId], tx);
  }

  /**
   * Removes up to `limit` setups created before `before`, which have ended.
   *
   * @returns how many
   */
  async removeOld(before: number, limit: number, tx: Tx): Promise<number> {
    const sql =
      "SELECT id FROM payment_setups WHERE created_at < ? AND status <> 'pending' ORDER BY created_at LIMIT ?";
    const rows = await this.#database.select<{ id: string }>(sql, [before, limit], tx);
    if (rows.length === 0) return 0;
    const ids = rows.map((row) => row.id);
    return this.#database.execute("DELETE FROM payment_setups WHERE id IN (?)", [ids], tx);
  }
}
