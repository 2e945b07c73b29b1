import type { Database, Tx } from "../../../mixins/database/database.ts";

/** A token that opens one order of a guest. */
export interface OrderToken {
  readonly tokenHash: string;
  readonly orderId: string;
  readonly guestId: string;
  /** Milliseconds since the Unix epoch. */
  readonly expiresAt: number;
}

export class OrderTokenRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Idempotent. */
  async add({ tokenHash, orderId, guestId, expiresAt }: OrderToken, tx: Tx): Promise<void> {
    const row = { token_hash: tokenHash, order_id: orderId, guest_id: guestId, expires_at: expiresAt };
    await this.#database.insertIfAbsent("order_tokens", row, tx);
  }

  /** The order of a valid token, and its guest. */
  async find(tokenHash: string, now: number): Promise<{ orderId: string; customerId: string } | undefined> {
    const sql =
      "SELECT order_id AS orderId, guest_id AS customerId FROM order_tokens WHERE token_hash = ? AND expires_at > ?";
    const [found] = await this.#database.select<{ orderId: string; customerId: string }>(sql, [
      tokenHash,
      now,
    ]);
    return found;
  }

  /** @returns how many it removed */
  async removeExpired(before: number, limit: number, tx: Tx): Promise<number> {
    const sql =
      "SELECT token_hash AS tokenHash FROM order_tokens WHERE expires_at < ? ORDER BY expires_at LIMIT ?";
    const old = await this.#database.select<{ tokenHash: string }>(sql, [before, limit], tx);
    if (old.length === 0) return 0;
    const hashes = old.map(({ tokenHash }) => tokenHash);
    return this.#database.execute("DELETE FROM order_tokens WHERE token_hash IN (?)", [hashes], tx);
  }
}
