import type { Database, Tx } from "../../../mixins/database/database.ts";

/** A customer with payment methods at providers. Its row serializes their changes. */
export interface Payer {
  readonly customerId: string;
  readonly defaultMethodId: string | null;
  /** When the customer's account was deleted, in milliseconds since the Unix epoch. */
  readonly closedAt: number | null;
}

/** A customer's account at a provider. */
export interface PayerAccount {
  readonly provider: string;
  readonly customerId: string;
  /** The provider's id of it. */
  readonly reference: string;
  /** Attempts to empty it. */
  readonly attempts: number;
}

const accountColumns = "provider, customer_id AS customerId, reference, attempts";

/** Payers are locked before setups and methods, to prevent deadlocks. */
export class PayerRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Locks the payer until the transaction ends. */
  async lock(customerId: string, tx: Tx): Promise<Payer | undefined> {
    const [payer] = await this.#database.select<Payer>(
      `SELECT customer_id AS customerId, default_method_id AS defaultMethodId, closed_at AS closedAt
       FROM payers WHERE customer_id = ?${this.#database.forUpdate}`,
      [customerId],
      tx,
    );
    return payer;
  }

  /** As `lock`; creates a missing one. */
  async open(customerId: string, tx: Tx): Promise<Payer> {
    // Select before insert: an insert that hits an existing key locks it, and many such locks deadlock.
    const known = await this.lock(customerId, tx);
    if (known) return known;
    await this.#database.insertIfAbsent("payers", { customer_id: customerId, places: 0 }, tx);
    const opened = await this.lock(customerId, tx);
    if (!opened) throw new Error(`payer ${customerId} was removed while it was opened`);
    return opened;
  }

  /**
   * Takes a place for a setup or a method.
   *
   * @returns false when `limit` places are taken, or the account was deleted
   */
  async takePlace(customerId: string, limit: number, tx: Tx): Promise<boolean> {
    const sql =
      "UPDATE payers SET places = places + 1 WHERE customer_id = ? AND places < ? AND closed_at IS NULL";
    return (await this.#database.execute(sql, [customerId, limit], tx)) === 1;
  }

  async releasePlace(customerId: string, tx: Tx): Promise<void> {
    const sql = "UPDATE payers SET places = places - 1 WHERE customer_id = ? AND places > 0";
    await this.#database.execute(sql, [customerId], tx);
  }

  /** Makes an active method of the customer the default; only if there is none with `ifNone`. */
  async setDefault(
    customerId: string,
    methodId: string,
    { ifNone }: { readonly ifNone: boolean },
    tx: Tx,
  ): Promise<boolean> {
    const sql = `UPDATE payers SET default_method_id = ? WHERE customer_id = ?
      ${ifNone ? "AND default_method_id IS NULL" : ""}
      AND EXISTS (SELECT m.id FROM payment_methods m
        WHERE m.id = ? AND m.customer_id = payers.customer_id AND m.status = 'active')`;
    return (await this.#database.execute(sql, [methodId, customerId, methodId], tx)) === 1;
  }

  /** Passes the default on to the customer's newest other method, if `methodId` is the default. */
  async replaceDefault(customerId: string, methodId: string, tx: Tx): Promise<void> {
    const sql = `UPDATE payers SET default_method_id = (SELECT m.id FROM payment_methods m
        WHERE m.customer_id = payers.customer_id AND m.status = 'active' AND m.id <> ?
        ORDER BY m.created_at DESC, m.id DESC LIMIT 1)
      WHERE customer_id = ? AND default_method_id = ?`;
    await this.#database.execute(sql, [methodId, customerId, methodId], tx);
  }

  /** Ends a customer's account here, and makes its accounts at providers due to be emptied. */
  async close(customerId: string, now: number, tx: Tx): Promise<void> {
    const sql = "UPDATE payers SET default_method_id = NULL, places = 0, closed_at = ? WHERE customer_id = ?";
    await this.#database.execute(sql, [now, customerId], tx);
    await this.#database.execute(
      "UPDATE payer_accounts SET due_at = ? WHERE customer_id = ? AND due_at IS NULL",
      [now, customerId],
      tx,
    );
  }

  async account(provider: string, customerId: string, tx?: Tx): Promise<PayerAccount | undefined> {
    const [account] = await this.#database.select<PayerAccount>(
      `SELECT ${accountColumns} FROM payer_accounts WHERE provider = ? AND customer_id = ?`,
      [provider, customerId],
      tx,
    );
    return account;
  }

  /**
   * Keeps the first reference.
   *
   * @param dueAt when to empty it, if the customer's account was deleted meanwhile
   */
  async keepAccount(
    { provider, customerId, reference }: Omit<PayerAccount, "attempts">,
    dueAt: number | null,
    tx: Tx,
  ): Promise<void> {
    const row = { provider, customer_id: customerId, reference, attempts: 0, due_at: dueAt };
    await this.#database.insertIfAbsent("payer_accounts", row, tx);
  }

  /** Accounts of deleted customers that are due to be emptied. */
  async dueAccounts(now: number, limit: number, tx: Tx): Promise<PayerAccount[]> {
    const sql = `SELECT ${accountColumns} FROM payer_accounts WHERE due_at <= ? ORDER BY due_at LIMIT ?`;
    return this.#database.select<PayerAccount>(sql, [now, limit], tx);
  }

  /**
   * Claims the next attempt. If the caller crashes, another attempt starts at `nextTryAt`.
   *
   * @returns false when another caller claimed it
   */
  async claimAccount(account: PayerAccount, nextTryAt: number, tx: Tx): Promise<boolean> {
    const sql = `UPDATE payer_accounts SET attempts = attempts + 1, due_at = ?
      WHERE provider = ? AND customer_id = ? AND attempts = ?`;
    const { provider, customerId, attempts } = account;
    return (await this.#database.execute(sql, [nextTryAt, provider, customerId, attempts], tx)) === 1;
  }

  async retryAccount({ provider, customerId }: PayerAccount, nextTryAt: number, tx: Tx): Promise<void> {
    const sql = "UPDATE payer_accounts SET due_at = ? WHERE provider = ? AND customer_id = ?";
    await this.#database.execute(sql, [nextTryAt, provider, customerId], tx);
  }

  async removeAccount({ provider, customerId }: PayerAccount, tx: Tx): Promise<void> {
    const sql = "DELETE FROM payer_accounts WHERE provider = ? AND customer_id = ?";
    await this.#database.execute(sql, [provider, customerId], tx);
  }

  /**
   * Removes up to `limit` payers closed before `before`.
   *
   * @returns how many
   */
  async removeOld(before: number, limit: number, tx: Tx): Promise<number> {
    const sql = "SELECT customer_id AS id FROM payers WHERE closed_at < ? ORDER BY closed_at LIMIT ?";
    const rows = await this.#database.select<{ id: string }>(sql, [before, limit], tx);
    if (rows.length === 0) return 0;
    const ids = rows.map((row) => row.id);
    return this.#database.execute("DELETE FROM payers WHERE customer_id IN (?)", [ids], tx);
  }
}
