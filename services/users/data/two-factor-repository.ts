import type { Database, Tx } from "../../../mixins/database/database.ts";
import type { SecretBox } from "../../../mixins/support/secret-box.ts";

/** A user's second factor. Times are milliseconds since the Unix epoch. */
export interface TwoFactor {
  readonly userId: string;
  /** Base32. */
  readonly secret: string;
  /** Null until a first code confirms the app's secret. */
  readonly confirmedAt: number | null;
  readonly lastStep: number;
  readonly failures: number;
  readonly blockedUntil: number;
}

const columns = `user_id AS userId, secret, confirmed_at AS confirmedAt, last_step AS lastStep, failures,
  blocked_until AS blockedUntil`;

export class TwoFactorRepository {
  readonly #database: Database;

  readonly #box: SecretBox;

  /** @param box encrypts secrets in the table */
  constructor(database: Database, box: SecretBox) {
    this.#database = database;
    this.#box = box;
  }

  async of(userId: string, tx?: Tx): Promise<TwoFactor | undefined> {
    return this.#one("", userId, tx);
  }

  /** The same, locked until the transaction ends. */
  async lock(userId: string, tx: Tx): Promise<TwoFactor | undefined> {
    return this.#one(this.#database.forUpdate, userId, tx);
  }

  /** True when a user has a confirmed second factor. */
  async isOn(userId: string, tx?: Tx): Promise<boolean> {
    return ((await this.of(userId, tx))?.confirmedAt ?? null) !== null;
  }

  /** Stores an unconfirmed secret and replaces an earlier one. */
  async begin(userId: string, secret: string, tx: Tx): Promise<void> {
    await this.#database.execute(
      "DELETE FROM two_factor WHERE user_id = ? AND confirmed_at IS NULL",
      [userId],
      tx,
    );
    await this.#database.execute(
      `INSERT INTO two_factor (user_id, secret, confirmed_at, last_step, failures, blocked_until)
       VALUES (?, ?, NULL, 0, 0, 0)`,
      [userId, this.#box.seal(secret, aboutOf(userId))],
      tx,
    );
  }

  /**
   * Encrypts secrets stored in plain text or with an earlier key, of some users after one of them.
   *
   * @returns how many, and the last user scanned; none at the end
   */
  async encryptSome(
    after: string,
    limit: number,
    tx: Tx,
  ): Promise<{ encrypted: number; last: string | undefined }> {
    const sql = "SELECT user_id AS userId, secret FROM two_factor WHERE user_id > ? ORDER BY user_id LIMIT ?";
    const rows = await this.#database.select<{ userId: string; secret: string }>(sql, [after, limit], tx);
    let encrypted = 0;
    for (const { userId, secret } of rows.filter((row) => !this.#box.isCurrent(row.secret))) {
      const sealed = this.#box.seal(this.#box.open(secret, aboutOf(userId)), aboutOf(userId));
      const exchange = "UPDATE two_factor SET secret = ? WHERE user_id = ? AND secret = ?";
      encrypted += await this.#database.execute(exchange, [sealed, userId, secret], tx);
    }
    return { encrypted, last: rows.length < limit ? undefined : rows.at(-1)?.userId };
  }

  async confirm(userId: string, now: number, tx: Tx): Promise<void> {
    await this.#database.execute(
      "UPDATE two_factor SET confirmed_at = ? WHERE user_id = ?",
      [now, userId],
      tx,
    );
  }

  /**
   * Uses up a code's time step and all earlier ones.
   *
   * @returns false when it was used before
   */
  async useStep(userId: string, step: number, tx: Tx): Promise<boolean> {
    const sql =
      "UPDATE two_factor SET last_step = ?, failures = 0, blocked_until = 0 WHERE user_id = ? AND last_step < ?";
    return (await this.#database.execute(sql, [step, userId, step], tx)) === 1;
  }

  async noteFailure(userId: string, failures: number, blockedUntil: number, tx: Tx): Promise<void> {
    const sql = "UPDATE two_factor SET failures = ?, blocked_until = ? WHERE user_id = ?";
    await this.#database.execute(sql, [failures, blockedUntil, userId], tx);
  }

  async replaceRecoveryCodes(userId: string, hashes: readonly string[], tx: Tx): Promise<void> {
    await this.#database.execute("DELETE FROM recovery_codes WHERE user_id = ?", [userId], tx);
    const rows = hashes.map(() => "(?, ?)").join(", ");
    const values = hashes.flatMap((hash) => [hash, userId]);
    await this.#database.execute(
      `INSERT INTO recovery_codes (code_hash, user_id) VALUES ${rows}`,
      values,
      tx,
    );
  }

  /** @returns false when it is unknown or was used before */
  async useRecoveryCode(userId: string, hash: string, tx: Tx): Promise<boolean> {
    const sql = "DELETE FROM recovery_codes WHERE code_hash = ? AND user_id = ?";
    return (await this.#database.execute(sql, [hash, userId], tx)) === 1;
  }

  async recoveryCodesLeft(userId: string): Promise<number> {
    const sql = "SELECT COUNT(*) AS n FROM recovery_codes WHERE user_id = ?";
    const [row] = await this.#database.select<{ n: number }>(sql, [userId]);
    return row?.n ?? 0;
  }

  /** @returns false when none was confirmed */
  async remove(userId: string, tx: Tx): Promise<boolean> {
    const wasOn = await this.isOn(userId, tx);
    for (const table of ["two_factor", "recovery_codes", "login_challenges"])
      await this.#database.execute(`DELETE FROM ${table} WHERE user_id = ?`, [userId], tx);
    return wasOn;
  }

  async addChallenge(hash: string, userId: string, expiresAt: number, tx: Tx): Promise<void> {
    const sql =
      "INSERT INTO login_challenges (challenge_hash, user_id, attempts, expires_at) VALUES (?, ?, 0, ?)";
    await this.#database.execute(sql, [hash, userId, expiresAt], tx);
  }

  /**
   * Counts an attempt at a challenge.
   *
   * @returns its user while attempts are left
   */
  async tryChallenge(hash: string, attempts: number, now: number, tx: Tx): Promise<string | undefined> {
    const counted = await this.#database.execute(
      "UPDATE login_challenges SET attempts = attempts + 1 WHERE challenge_hash = ? AND expires_at > ? AND attempts < ?",
      [hash, now, attempts],
      tx,
    );
    if (counted === 0) return undefined;
    const sql = "SELECT user_id AS userId FROM login_challenges WHERE challenge_hash = ?";
    const [row] = await this.#database.select<{ userId: string }>(sql, [hash], tx);
    return row?.userId;
  }

  /** @returns false when it was used up before */
  async endChallenge(hash: string, tx: Tx): Promise<boolean> {
    return (
      (await this.#database.execute("DELETE FROM login_challenges WHERE challenge_hash = ?", [hash], tx)) ===
      1
    );
  }

  async endChallengesOf(userId: string, tx: Tx): Promise<void> {
    await this.#database.execute("DELETE FROM login_challenges WHERE user_id = ?", [userId], tx);
  }

  /** @returns how many it removed */
  async removeExpiredChallenges(now: number, limit: number, tx: Tx): Promise<number> {
    const sql =
      "SELECT challenge_hash AS hash FROM login_challenges WHERE expires_at < ? ORDER BY expires_at LIMIT ?";
    const old = await this.#database.select<{ hash: string }>(sql, [now, limit], tx);
    if (old.length === 0) return 0;
    const hashes = old.map(({ hash }) => hash);
    return this.#database.execute("DELETE FROM login_challenges WHERE challenge_hash IN (?)", [hashes], tx);
  }

  async #one(lock: string, userId: string, tx?: Tx): Promise<TwoFactor | undefined> {
    const sql = `SELECT ${columns} FROM two_factor WHERE user_id = ?${lock}`;
    const [found] = await this.#database.select<TwoFactor>(sql, [userId], tx);
    return found && { ...found, secret: this.#box.open(found.secret, aboutOf(userId)) };
  }
}

function aboutOf(userId: string): string {
  return `second factor of ${userId}`;
}
