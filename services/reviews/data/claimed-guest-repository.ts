import type { Database, Tx } from "../../../mixins/database/database.ts";

/** A guest whose purchases are an account's. */
export interface ClaimedGuest {
  readonly guestId: string;
  readonly userId: string;
}

export class ClaimedGuestRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** @param at milliseconds since the Unix epoch */
  async add({ guestId, userId }: ClaimedGuest, at: number, tx: Tx): Promise<void> {
    const row = { guest_id: guestId, user_id: userId, claimed_at: at };
    await this.#database.insertIfAbsent("claimed_guests", row, tx);
  }

  /** Up to `limit` of them after `after`, by id, whose purchases still name the guest. */
  async listWithPurchases(after: string, limit: number): Promise<ClaimedGuest[]> {
    const sql = `SELECT guest_id AS guestId, user_id AS userId FROM claimed_guests WHERE guest_id > ?
      AND EXISTS (SELECT 1 FROM purchases p WHERE p.customer_id = claimed_guests.guest_id) ORDER BY guest_id LIMIT ?`;
    return this.#database.select<ClaimedGuest>(sql, [after, limit]);
  }

  /** Removes those claimed before `before`. */
  async removeOld(before: number, tx: Tx): Promise<void> {
    await this.#database.execute("DELETE FROM claimed_guests WHERE claimed_at < ?", [before], tx);
  }
}
