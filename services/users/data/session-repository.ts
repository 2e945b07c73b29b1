import type { Database, Tx } from "../../../mixins/database/database.ts";
import { listPage } from "../../../mixins/database/list-page.ts";
import type { Page, PageRequest } from "../../contract/paging.ts";
import type { Exchange } from "../domain/refresh-retry.ts";

/** One login, until it ends. */
export interface Session {
  readonly id: string;
  readonly userId: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly address: string | null;
  readonly userAgent: string | null;
}

/** A session that begins. */
export interface NewSession extends Session {
  /** Whether its user has shown a second factor. */
  readonly secondFactor?: boolean;
}

/** A session as its user sees it. */
export interface OpenSession extends Session {
  /** When its tokens were last renewed. */
  readonly lastSeenAt: number;
}

export interface RefreshToken extends Exchange {
  readonly tokenHash: string;
  readonly sessionId: string;
  readonly issuedAt: number;
}

type SessionRow = Omit<OpenSession, "createdAt"> & { created_at: number };

/** Whom a good session belongs to. */
export interface SessionHolder {
  readonly userId: string;
  readonly role: string;
  /** When its user last gave the account's password or second factor. */
  readonly verifiedAt: number;
  readonly secondFactor: boolean;
  /** The keys of access tokens that there are. */
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

  /** Ends a session that has not ended yet. @returns whether it was this call that ended it */
  async end(id: string, now: number, tx: Tx): Promise<boolean> {
    const sql = "UPDATE sessions SET ended_at = ? WHERE id = ? AND ended_at IS NULL";
    return (await this.#database.execute(sql, [now, id], tx)) === 1;
  }

  /** The same, if it is this user's. */
  async endOf(userId: string, id: string, now: number, tx: Tx): Promise<boolean> {
    const sql = "UPDATE sessions SET ended_at = ? WHERE id = ? AND user_id = ? AND ended_at IS NULL AND expires_at > ?";
    return (await this.#database.execute(sql, [now, id, userId, now], tx)) === 1;
  }

  /** A user's sessions that are good. */
  async list(userId: string, now: number, request: PageRequest): Promise<Page<OpenSession>> {
    return listPage<SessionRow, OpenSession>(this.#database, {
      columns:
        "id, user_id AS userId, created_at, last_seen_at AS lastSeenAt, expires_at AS expiresAt, address, user_agent AS userAgent",
      from: "sessions",
      where: { "user_id = ?": userId, "ended_at IS NULL AND expires_at > ?": now },
      sortColumns: { createdAt: "created_at" },
      request,
      present: ({ created_at, ...same }) => ({ ...same, createdAt: created_at }),
    });
  }

  /** Ends a user's sessions, but for one. @returns the ids of those that it ended */
  async endAllOf(userId: string, now: number, tx: Tx, except?: string): Promise<string[]> {
    const sql = `SELECT id FROM sessions WHERE user_id = ? AND ended_at IS NULL${this.#database.forUpdate}`;
    const open = await this.#database.select<{ id: string }>(sql, [userId], tx);
    const ids = open.map((row) => row.id).filter((id) => id !== except);
    if (ids.length > 0) await this.#database.execute("UPDATE sessions SET ended_at = ? WHERE id IN (?)", [now, ids], tx);
    return ids;
  }

  /** Whose session it is, if it is good: not ended, not expired, its account active. */
  async holder(id: string, now: number): Promise<SessionHolder | undefined> {
    const [row] = await this.#database.select<Omit<SessionHolder, "secondFactor" | "keyIds"> & { secondFactor: number; keyIds: string | null }>(
      `SELECT u.id AS userId, u.role AS role, s.verified_at AS verifiedAt, s.second_factor AS secondFactor,
              (SELECT GROUP_CONCAT(kid) FROM signing_keys) AS keyIds FROM sessions s JOIN users u ON u.id = s.user_id
       WHERE s.id = ? AND s.ended_at IS NULL AND s.expires_at > ? AND u.status = 'active'`,
      [id, now],
    );
    return row && { ...row, secondFactor: row.secondFactor === 1, keyIds: (row.keyIds ?? "").split(",") };
  }

  /** Notes that the session's user has just shown to be the one. */
  async verify(id: string, now: number, tx: Tx, { secondFactor = false } = {}): Promise<void> {
    const sql = "UPDATE sessions SET verified_at = ?, second_factor = CASE WHEN ? = 1 THEN 1 ELSE second_factor END WHERE id = ?";
    await this.#database.execute(sql, [now, Number(secondFactor), id], tx);
  }

  /** Forgets where a user's sessions came from. */
  async anonymise(userId: string, tx: Tx): Promise<void> {
    await this.#database.execute("UPDATE sessions SET address = NULL, user_agent = NULL WHERE user_id = ?", [userId], tx);
  }

  async addRefreshToken(tokenHash: string, sessionId: string, now: number, tx: Tx): Promise<void> {
    await this.#database.execute(
      "INSERT INTO refresh_tokens (token_hash, session_id, issued_at, used_at) VALUES (?, ?, ?, NULL)",
      [tokenHash, sessionId, now],
      tx,
    );
  }

  /** The refresh token with its session's user; a token of an ended or expired session is not found. */
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
   * @param retry by which the same request is known again
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
    return (await this.#database.execute(sql, [now, retry?.keyHash ?? null, retry?.salt ?? null, tokenHash], tx)) === 1;
  }

  /** Notes that a session's tokens were renewed. */
  async touch(id: string, now: number, tx: Tx): Promise<void> {
    await this.#database.execute("UPDATE sessions SET last_seen_at = ? WHERE id = ?", [now, id], tx);
  }

  /** Forgets up to `limit` sessions that expired before `before`, with their tokens. @returns how many */
  async forgetExpired(before: number, limit: number, tx: Tx): Promise<number> {
    const sql = "SELECT id FROM sessions WHERE expires_at < ? ORDER BY expires_at LIMIT ?";
    const old = await this.#database.select<{ id: string }>(sql, [before, limit], tx);
    if (old.length === 0) return 0;
    const ids = old.map((row) => row.id);
    await this.#database.execute("DELETE FROM refresh_tokens WHERE session_id IN (?)", [ids], tx);
    return this.#database.execute("DELETE FROM sessions WHERE id IN (?)", [ids], tx);
  }
}
