import type { Database, Tx } from "../../../mixins/database/database.ts";

export type TokenPurpose = "password-reset" | "email-verification" | "email-change";

/** A mailed token for one use. */
export interface OneTimeToken {
  readonly tokenHash: string;
  readonly userId: string;
  readonly purpose: TokenPurpose;
  /** The address that it was sent to. */
  readonly email: string;
  readonly expiresAt: number;
}

export class OneTimeTokenRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async add(token: OneTimeToken, tx: Tx): Promise<void> {
    await this.#database.execute(
      "INSERT INTO one_time_tokens (token_hash, user_id, purpose, email, expires_at) VALUES (?, ?, ?, ?, ?)",
      [token.tokenHash, token.userId, token.purpose, token.email, token.expiresAt],
      tx,
    );
  }

  /** A valid token. */
  async find(tokenHash: string, now: number, tx?: Tx): Promise<OneTimeToken | undefined> {
    const [token] = await this.#database.select<OneTimeToken>(
      `SELECT token_hash AS tokenHash, user_id AS userId, purpose, email, expires_at AS expiresAt
       FROM one_time_tokens WHERE token_hash = ? AND expires_at > ?`,
      [tokenHash, now],
      tx,
    );
    return token;
  }

  /** True when a valid token of this purpose was sent to a user's address. */
  async hasValid(
    userId: string,
    purpose: TokenPurpose,
    email: string,
    now: number,
    tx: Tx,
  ): Promise<boolean> {
    const sql = "SELECT email FROM one_time_tokens WHERE user_id = ? AND purpose = ? AND expires_at > ?";
    const good = await this.#database.select<{ email: string }>(sql, [userId, purpose, now], tx);
    return good.some((token) => token.email === email);
  }

  /**
   * Uses up a token.
   *
   * @returns false when it was used before
   */
  async use(token: OneTimeToken, tx: Tx): Promise<boolean> {
    const sql = "DELETE FROM one_time_tokens WHERE token_hash = ?";
    return (await this.#database.execute(sql, [token.tokenHash], tx)) === 1;
  }

  /** Withdraws a user's tokens of these purposes. */
  async withdraw(userId: string, purposes: readonly TokenPurpose[], tx: Tx): Promise<void> {
    const sql = "DELETE FROM one_time_tokens WHERE user_id = ? AND purpose IN (?)";
    await this.#database.execute(sql, [userId, purposes], tx);
  }

  /** @returns how many it removed */
  async removeExpired(before: number, limit: number, tx: Tx): Promise<number> {
    const sql =
      "SELECT token_hash AS tokenHash FROM one_time_tokens WHERE expires_at < ? ORDER BY expires_at LIMIT ?";
    const old = await this.#database.select<{ tokenHash: string }>(sql, [before, limit], tx);
    if (old.length === 0) return 0;
    const hashes = old.map(({ tokenHash }) => tokenHash);
    return this.#database.execute("DELETE FROM one_time_tokens WHERE token_hash IN (?)", [hashes], tx);
  }
}
