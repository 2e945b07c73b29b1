import type { Database, Tx } from "../../../mixins/database/database.ts";
import { readKeysetPage } from "../../../mixins/database/query/keyset-page.ts";
import type { Page, PageRequest } from "../../../mixins/contract/paging.ts";
import type { Membership } from "../../../mixins/contract/caller.ts";
import { membershipsFrom, membershipsOf } from "./membership-repository.ts";
import type { Exchange } from "../domain/refresh-retry.ts";

/** A session: one login until its end. */
export interface Session {
  readonly id: string;
  readonly userId: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly address: string | null;
  readonly userAgent: string | null;
}

/** A new session. */
export interface NewSession extends Session {
  /** True when the user authenticated with a second factor. */
  readonly secondFactor?: boolean;
}

/** A session in its user's list. */
export interface OpenSession extends Session {
  /** Time of the last token refresh. */
  readonly lastSeenAt: number;
}

export interface RefreshToken extends Exchange {
  readonly tokenHash: string;
  readonly sessionId: string;
  readonly issuedAt: number;
}

type SessionRow = Omit<OpenSession, "createdAt"> & { created_at: number };

/** SQL condition: the session's user has a confirmed second factor. */
const hasSecondFactor = (sessions: string) =>
  `EXISTS (SELECT user_id FROM two_factor f WHERE f.user_id = ${sessions}.user_id AND f.confirmed_at IS NOT NULL)`;

/** User of a valid session. */
export interface SessionHolder {
  readonly userId: string;
  readonly role: string;
  /** Time of the user's last password entry, or of the second factor if there is one; 0 when never. */
  readonly verifiedAt: number;
  readonly secondFactor: boolean;
  /** Time of registration (ms), and time of the e-mail address's verification. */
  readonly since: number;
  readonly emailVerifiedAt: number | null;
  readonly merchants: readonly Membership[];
  /** Existing keys of access tokens. */
  readonly keyIds: readonly string[];
}

export class SessionRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async start(session: NewSession, tx: Tx): Promise<void> {
    await this.#database.execute(
      `INSERT INTO sessions (id, user_id, created_at, verified_at, last_seen_at, expires_at, ended_at, address,
       user_agent, second_factor) VALUES (?, ?, ?, ?, ?, ?, NULL, ?, ?, ?)`,
      [
        session.id,
        session.userId,
        session.createdAt,
        session.createdAt,
        session.createdAt,
        session.expiresAt,
        session.address,
        session.userAgent,
        Number(session.secondFactor ?? false),
      ],
      tx,
    );
  }

  /**
   * Ends a session.
   *
   * @returns false when it had ended before
   */
  async end(id: string, now: number, tx: Tx): Promise<boolean> {
    const sql = "UPDATE sessions SET ended_at = ? WHERE id = ? AND ended_at IS NULL";
    return (await this.#database.execute(sql, [now, id], tx)) === 1;
  }

  /** The same, restricted to this user's sessions. */
  async endOf(userId: string, id: string, now: number, tx: Tx): Promise<boolean> {
    const sql =
      "UPDATE sessions SET ended_at = ? WHERE id = ? AND user_id = ? AND ended_at IS NULL AND expires_at > ?";
    return (await this.#database.execute(sql, [now, id, userId, now], tx)) === 1;
  }

  /** A user's valid sessions. */
  async list(userId: string, now: number, request: PageRequest): Promise<Page<OpenSession>> {
    return readKeysetPage<SessionRow, OpenSession>(this.#database, {
      columns:
        "id, user_id AS userId, created_at, last_seen_at AS lastSeenAt, expires_at AS expiresAt, address, user_agent AS userAgent",
      from: "sessions",
      where: { "user_id = ?": userId, "ended_at IS NULL AND expires_at > ?": now },
      sortColumns: { createdAt: "created_at" },
      request,
      present: ({ created_at, ...same }) => ({ ...same, createdAt: created_at }),
    });
  }

  /**
   * Ends a user's sessions except one.
   *
   * @returns the ids of those that it ended
   */
  async endAllOf(userId: string, now: number, tx: Tx, except?: string): Promise<string[]> {
    const sql = `SELECT id FROM sessions WHERE user_id = ? AND ended_at IS NULL${this.#database.forUpdate}`;
    const open = await this.#database.select<{ id: string }>(sql, [userId], tx);
    const ids = open.map((row) => row.id).filter((id) => id !== except);
    if (ids.length > 0)
      await this.#database.execute("UPDATE sessions SET ended_at = ? WHERE id IN (?)", [now, ids], tx);
    return ids;
  }

  /** User of a valid session: not ended, not expired, account active. */
  async holder(id: string, now: number): Promise<SessionHolder | undefined> {
    const [row] = await this.#database.select<
      Omit<SessionHolder, "secondFactor" | "keyIds" | "merchants"> & {
        secondFactor: number;
        keyIds: string | null;
        merchants: string | null;
      }
    >(
      `SELECT u.id AS userId, u.role AS role, s.second_factor AS secondFactor,
              CASE WHEN s.second_factor = 1 OR NOT ${hasSecondFactor("s")} THEN s.verified_at ELSE 0 END AS verifiedAt,
              u.created_at AS since, u.email_verified_at AS emailVerifiedAt,
              ${membershipsOf("u.id")} AS merchants,
              (SELECT GROUP_CONCAT(kid) FROM signing_keys) AS keyIds FROM sessions s JOIN users u ON u.id = s.user_id
       WHERE s.id = ? AND s.ended_at IS NULL AND s.expires_at > ? AND u.status = 'active'`,
      [id, now],
    );
    if (!row) return undefined;
    const { secondFactor, keyIds, merchants, ...same } = row;
    return {
      ...same,
      secondFactor: secondFactor === 1,
      merchants: membershipsFrom(merchants),
      keyIds: (keyIds ?? "").split(","),
    };
  }

  /** Records a re-authentication. With a second factor enabled, a password alone does not count. */
  async verify(id: string, now: number, tx: Tx, { secondFactor = false } = {}): Promise<void> {
    const sql = secondFactor
      ? "UPDATE sessions SET verified_at = ?, second_factor = 1 WHERE id = ?"
      : `UPDATE sessions SET verified_at = ? WHERE id = ? AND NOT ${hasSecondFactor("sessions")}`;
    await this.#database.execute(sql, [now, id], tx);
  }

  /** Erases the client addresses of a user's sessions. */
  async anonymise(userId: string, tx: Tx): Promise<void> {
    await this.#database.execute(
      "UPDATE sessions SET address = NULL, user_agent = NULL WHERE user_id = ?",
      [userId],
      tx,
    );
  }

  async addRefreshToken(tokenHash: string, sessionId: string, now: number, tx: Tx): Promise<void> {
    await this.#database.execute(
      "INSERT INTO refresh_tokens (token_hash, session_id, issued_at, used_at) VALUES (?, ?, ?, NULL)",
      [tokenHash, sessionId, now],
      tx,
    );
  }

  /** The refresh token with its session's user; not found after the session has ended or expired. */
  async refreshToken(
    tokenHash: string,
    now: number,
    tx: Tx,
  ): Promise<(RefreshToken & { readonly userId: string }) | undefined> {
    const [row] = await this.#database.select<RefreshToken & { userId: string }>(
      `SELECT t.token_hash AS tokenHash, t.session_id AS sessionId, t.issued_at AS issuedAt, t.used_at AS usedAt,
              t.retry_key_hash AS retryKeyHash, t.retry_salt AS retrySalt, s.user_id AS userId
       FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id
       WHERE t.token_hash = ? AND s.ended_at IS NULL AND s.expires_at > ?`,
      [tokenHash, now],
      tx,
    );
    return row;
  }

  /**
   * Marks a refresh token as used.
   *
   * @param retry identifies a retry of the same request
   * @returns false when it was used before, even a moment ago
   */
  async useRefreshToken(
    tokenHash: string,
    retry: { readonly keyHash: string; readonly salt: string } | undefined,
    now: number,
    tx: Tx,
  ): Promise<boolean> {
    const sql =
      "UPDATE refresh_tokens SET used_at = ?, retry_key_hash = ?, retry_salt = ? WHERE token_hash = ? AND used_at IS NULL";
    return (
      (await this.#database.execute(
        sql,
        [now, retry?.keyHash ?? null, retry?.salt ?? null, tokenHash],
        tx,
      )) === 1
    );
  }

  /** Records a token refresh. */
  async touch(id: string, now: number, tx: Tx): Promise<void> {
    await this.#database.execute("UPDATE sessions SET last_seen_at = ? WHERE id = ?", [now, id], tx);
  }

  /**
   * Removes up to `limit` sessions that expired before `before`, with their tokens.
   *
   * @returns how many
   */
  async removeExpired(before: number, limit: number, tx: Tx): Promise<number> {
    const sql = "SELECT id FROM sessions WHERE expires_at < ? ORDER BY expires_at LIMIT ?";
    const old = await this.#database.select<{ id: string }>(sql, [before, limit], tx);
    if (old.length === 0) return 0;
    const ids = old.map((row) => row.id);
    await this.#database.execute("DELETE FROM refresh_tokens WHERE session_id IN (?)", [ids], tx);
    return this.#database.execute("DELETE FROM sessions WHERE id IN (?)", [ids], tx);
  }
}
