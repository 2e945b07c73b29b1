import type { Database, Tx } from "../../../mixins/database/database.ts";

/** 1 for, -1 against. */
export type Vote = 1 | -1;

/** Votes on reviews, one a user each. They change under the lock of the review. */
export class VoteRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async of(reviewId: string, userId: string, tx: Tx): Promise<Vote | undefined> {
    const sql = "SELECT value FROM review_votes WHERE review_id = ? AND user_id = ?";
    const [row] = await this.#database.select<{ value: Vote }>(sql, [reviewId, userId], tx);
    return row?.value;
  }

  async insert(reviewId: string, userId: string, value: Vote, tx: Tx): Promise<void> {
    const sql = "INSERT INTO review_votes (review_id, user_id, value) VALUES (?, ?, ?)";
    await this.#database.execute(sql, [reviewId, userId, value], tx);
  }

  async remove(reviewId: string, userId: string, tx: Tx): Promise<void> {
    const sql = "DELETE FROM review_votes WHERE review_id = ? AND user_id = ?";
    await this.#database.execute(sql, [reviewId, userId], tx);
  }
}
