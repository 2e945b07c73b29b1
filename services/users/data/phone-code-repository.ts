import type { Database, Tx } from "../../../mixins/database/database.ts";
import type { CodeLimit } from "../domain/code-limits.ts";
import { windowEnd } from "../domain/code-limits.ts";

export type CodePurpose = "verification" | "login";

/** A code that was requested for a phone. */
export interface PhoneCode {
  /** Of a verification: its id. Of a login: SHA-256 of the client's challenge. */
  readonly id: string;
  readonly purpose: CodePurpose;
  /** Null for a login. */
  readonly userId: string | null;
  readonly phone: string;
  readonly codeHash: string;
  readonly expiresAt: number;
}

const columns = "id, purpose, user_id AS userId, phone, code_hash AS codeHash, expires_at AS expiresAt";

/** Codes sent to phones, and the counts that limit them over all nodes. */
export class PhoneCodeRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async add({ id, purpose, userId, phone, codeHash, expiresAt }: PhoneCode, tx: Tx): Promise<void> {
    await this.#database.execute(
      `INSERT INTO phone_codes (id, purpose, user_id, phone, code_hash, attempts, expires_at)
       VALUES (?, ?, ?, ?, ?, 0, ?)`,
      [id, purpose, userId, phone, codeHash, expiresAt],
      tx,
    );
  }

  /**
   * Counts an attempt at a code.
   *
   * @param userId of the caller, for a verification
   * @returns the code while attempts are left
   */
  async attempt(
    id: string,
    purpose: CodePurpose,
    userId: string | null,
    maxAttempts: number,
    now: number,
    tx: Tx,
  ): Promise<PhoneCode | undefined> {
    const counted = await this.#database.execute(
      `UPDATE phone_codes SET attempts = attempts + 1
       WHERE id = ? AND purpose = ? AND COALESCE(user_id, '') = ? AND expires_at > ? AND attempts < ?`,
      [id, purpose, userId ?? "", now, maxAttempts],
      tx,
    );
    const code = await this.#one(id, tx);
    return counted === 1 ? code : undefined;
  }

  /**
   * Uses up a code.
   *
   * @returns false when it was used before
   */
  async use(id: string, tx: Tx): Promise<boolean> {
    return (await this.#database.execute("DELETE FROM phone_codes WHERE id = ?", [id], tx)) === 1;
  }

  async removeAllOf(userId: string, tx: Tx): Promise<void> {
    await this.#database.execute("DELETE FROM phone_codes WHERE user_id = ?", [userId], tx);
  }

  /**
   * Counts a request, unless its window is full. The count decides over all nodes; it is undone with the
   * transaction.
   *
   * @returns false when the window is full
   */
  async count(limit: CodeLimit, now: number, tx: Tx): Promise<boolean> {
    const until = windowEnd(limit, now);
    await this.#database.insertIfAbsent("code_counts", { subject: limit.subject, until, requests: 0 }, tx);
    const counted = await this.#database.execute(
      "UPDATE code_counts SET requests = requests + 1 WHERE subject = ? AND until = ? AND requests < ?",
      [limit.subject, until, limit.max],
      tx,
    );
    return counted === 1;
  }

  /** Removes expired codes and counts. @returns how many codes or counts it removed, the larger number */
  async removeExpired(before: number, limit: number, tx: Tx): Promise<number> {
    const codes = await this.#database.select<{ id: string }>(
      "SELECT id FROM phone_codes WHERE expires_at < ? ORDER BY expires_at LIMIT ?",
      [before, limit],
      tx,
    );
    const ids = codes.map(({ id }) => id);
    if (ids.length > 0) await this.#database.execute("DELETE FROM phone_codes WHERE id IN (?)", [ids], tx);
    const counts = await this.#database.select<{ subject: string }>(
      "SELECT subject FROM code_counts WHERE until < ? ORDER BY until LIMIT ?",
      [before, limit],
      tx,
    );
    const subjects = counts.map(({ subject }) => subject);
    if (subjects.length > 0)
      await this.#database.execute(
        "DELETE FROM code_counts WHERE subject IN (?) AND until < ?",
        [subjects, before],
        tx,
      );
    return Math.max(ids.length, subjects.length);
  }

  async #one(id: string, tx?: Tx): Promise<PhoneCode | undefined> {
    const sql = `SELECT ${columns} FROM phone_codes WHERE id = ?`;
    const [code] = await this.#database.select<PhoneCode>(sql, [id], tx);
    return code;
  }
}
