import type { Database, Tx } from "../../../mixins/database/database.ts";

/** What is limited for each user. */
export type Counted = "memberships" | "followed";

/** Counts of what a user has; the statement that counts decides which of several at once is too many. */
export class UserCounts {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Counts one more, unless the user has `limit` already. @returns whether it did */
  async add(userId: string, counted: Counted, limit: number, tx: Tx): Promise<boolean> {
    const sql = `UPDATE user_counts SET ${counted} = ${counted} + 1 WHERE user_id = ? AND ${counted} < ?`;
    const counts = async () => (await this.#database.execute(sql, [userId, limit], tx)) === 1;
    if (await counts()) return true;
    const row = { user_id: userId, memberships: 0, followed: 0, [counted]: 1 };
    // A row that was there, or that another transaction has inserted meanwhile.
    return (await this.#database.insertIfAbsent("user_counts", row, tx)) || counts();
  }

  async subtract(userId: string, counted: Counted, tx: Tx): Promise<void> {
    const sql = `UPDATE user_counts SET ${counted} = ${counted} - 1 WHERE user_id = ?`;
    await this.#database.execute(sql, [userId], tx);
  }

  /** For a deleted account, which has nothing left. */
  async remove(userId: string, tx: Tx): Promise<void> {
    await this.#database.execute("DELETE FROM user_counts WHERE user_id = ?", [userId], tx);
  }
}
