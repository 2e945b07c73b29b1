import type { Database, Tx } from "../../../mixins/database/database.ts";
import type { MailKind } from "../domain/mail-kinds.ts";

/** A mail that was asked for. What it says, and any token in it, is made when it is sent. */
export interface RequestedMail {
  readonly id: string;
  readonly kind: MailKind;
  readonly recipient: string;
  readonly userId: string | null;
  /** How often it was tried before. */
  readonly attempts: number;
  /** Milliseconds since 1970, UTC. */
  readonly createdAt: number;
}

export type MailEnding = "sent" | "dropped" | "failed";

const columns = "id, kind, recipient, user_id AS userId, attempts, due_at AS dueAt, created_at AS createdAt";

export class MailRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async add(mail: RequestedMail, tx: Tx): Promise<void> {
    await this.#database.execute(
      `INSERT INTO mails (id, kind, recipient, user_id, status, attempts, due_at, created_at)
       VALUES (?, ?, ?, ?, 'waiting', ?, ?, ?)`,
      [mail.id, mail.kind, mail.recipient, mail.userId, mail.attempts, mail.createdAt, mail.createdAt],
      tx,
    );
  }

  /** How many of a kind were asked for at an address since then. */
  async countSince(recipient: string, kind: MailKind, since: number, tx: Tx): Promise<number> {
    const [row] = await this.#database.select<{ n: number }>(
      "SELECT COUNT(*) AS n FROM mails WHERE recipient = ? AND kind = ? AND created_at > ?",
      [recipient, kind, since],
      tx,
    );
    return row?.n ?? 0;
  }

  /** Takes mails that are due; nobody else gets them before the lease ends. */
  async claim(now: number, leaseMs: number, limit: number, tx: Tx): Promise<RequestedMail[]> {
    const due = await this.#database.select<RequestedMail & { dueAt: number }>(
      `SELECT ${columns} FROM mails WHERE status = 'waiting' AND due_at <= ? ORDER BY due_at, id LIMIT ?`,
      [now, limit],
      tx,
    );
    const claimed: RequestedMail[] = [];
    for (const { dueAt, ...mail } of due) {
      const sql = "UPDATE mails SET due_at = ?, attempts = attempts + 1 WHERE id = ? AND status = 'waiting' AND due_at = ?";
      if ((await this.#database.execute(sql, [now + leaseMs, mail.id, dueAt], tx)) === 1) claimed.push(mail);
    }
    return claimed;
  }

  async end(id: string, ending: MailEnding, error: string | null, tx: Tx): Promise<void> {
    const sql = "UPDATE mails SET status = ?, last_error = ? WHERE id = ? AND status = 'waiting'";
    await this.#database.execute(sql, [ending, error?.slice(0, 300) ?? null, id], tx);
  }

  async postpone(id: string, dueAt: number, error: string, tx: Tx): Promise<void> {
    const sql = "UPDATE mails SET due_at = ?, last_error = ? WHERE id = ? AND status = 'waiting'";
    await this.#database.execute(sql, [dueAt, error.slice(0, 300), id], tx);
  }

  /** Forgets what was asked for at an address, sent or not. */
  async removeOf(recipient: string, tx: Tx): Promise<void> {
    await this.#database.execute("DELETE FROM mails WHERE recipient = ?", [recipient], tx);
  }

  /** @returns how many it forgot */
  async forgetOld(before: number, limit: number, tx: Tx): Promise<number> {
    const sql = "SELECT id FROM mails WHERE created_at < ? ORDER BY created_at LIMIT ?";
    const old = await this.#database.select<{ id: string }>(sql, [before, limit], tx);
    if (old.length === 0) return 0;
    return this.#database.execute("DELETE FROM mails WHERE id IN (?)", [old.map(({ id }) => id)], tx);
  }
}
