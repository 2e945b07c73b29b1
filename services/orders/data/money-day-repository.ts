import type { Database, Tx } from "../../../mixins/database/database.ts";

const dayMs = 24 * 3_600_000;

/** Money moved per UTC day by each staff member and key. */
export class MoneyDayRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Adds an amount to today's total in one statement.
   *
   * @param limit minor units a day
   * @returns false, without a change, when the total would exceed it
   */
  async count(actor: string, amount: number, limit: number, now: number, tx: Tx): Promise<boolean> {
    if (amount > limit) return false;
    const day = Math.floor(now / dayMs);
    const add = async () =>
      (await this.#database.execute(
        "UPDATE money_days SET amount = amount + ? WHERE actor = ? AND day = ? AND amount <= ?",
        [amount, actor, day, limit - amount],
        tx,
      )) === 1;
    // No row yet, limit reached, or a concurrent insert.
    return (
      (await add()) ||
      (await this.#database.insertIfAbsent("money_days", { actor, day, amount }, tx)) ||
      (await add())
    );
  }

  /**
   * Removes days that ended before `before` (ms).
   *
   * @returns how many rows
   */
  async removeOld(before: number, _limit: number, tx: Tx): Promise<number> {
    return this.#database.execute("DELETE FROM money_days WHERE day < ?", [Math.floor(before / dayMs)], tx);
  }
}
