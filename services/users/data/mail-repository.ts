import type { Database, Tx } from "../../../mixins/database/database.ts";
import type { MailKind } from "../domain/mail-kinds.ts";

/** A requested mail. Its text, and any token in it, are created when it is sent. */
export interface RequestedMail {
  readonly id: string;
  readonly kind: MailKind;
  readonly recipient: string;
  readonly userId: string | null;
  /** The order that it is about, of a guest. */
  readonly orderNumber?: string | null;
  /** Number of earlier attempts. */
  readonly attempts: number;
  /** Milliseconds since the Unix epoch. */
  readonly createdAt: number;
}

export type MailEnding = "sent" | "dropped" | "failed";

const columns =
  "id, kind, recipient, user_id AS userId, order_number AS orderNumber, attempts, due_at AS dueAt, created_at AS createdAt";

export class MailRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async add(mail: RequestedMail, tx: Tx): Promise<void> {
    await this.#database.execute(
      `INSERT INTO mails (id, kind, recipient, user_id, order_number, status, attempts, due_at, created_at)
       VALUES (?, ?, ?, ?, ?, 'waiting', ?, ?, ?)`,
      [
        mail.id,
        mail.kind,
        mail.recipient,
        mail.userId,
        mail.orderNumber ?? null,
        mail.attempts,
        mail.createdAt,
        mail.createdAt,
      ],
      tx,
    );
  }

  /**
   * Counts earlier mails of this kind to the address within so many milliseconds, without dropped ones.
   *
   * @returns their number, and how many of them are still to be sent
   */
  async countBefore(
    mail: RequestedMail,
    withinMs: number,
    tx: Tx,
  ): Promise<{ readonly all: number; readonly waiting: number }> {
    const { id, recipient, kind, createdAt } = mail;
    const [row] = await this.#database.select<{ n: number; waiting: number }>(
      `SELECT COUNT(*) AS n, COUNT(CASE WHEN status = 'waiting' THEN 1 END) AS waiting FROM mails WHERE recipient = ? AND kind = ? AND created_at > ? AND created_at <= ?
       AND (created_at < ? OR id < ?) AND status IN ('waiting', 'sent')`,
      [recipient, kind, createdAt - withinMs, createdAt, createdAt, id],
      tx,
    );
    return { all: row?.n ?? 0, waiting: row?.waiting ?? 0 };
  }

  /** Leases due mails to the caller. */
  async claim(now: number, leaseMs: number, limit: number, tx: Tx): Promise<RequestedMail[]> {
    const due = await this.#database.select<RequestedMail & { dueAt: number }>(
      `SELECT ${columns} FROM mails WHERE status = 'waiting' AND due_at <= ? ORDER BY due_at, id LIMIT ?`,
      [now, limit],
      tx,
    );
    const claimed: RequestedMail[] = [];
    for (const { dueAt, ...mail } of due) {
      const sql =
        "UPDATE mails SET due_at = ?, attempts = attempts + 1 WHERE id = ? AND status = 'waiting' AND due_at = ?";
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

  /** Removes mails to an address, or those of these kinds, sent or not. */
  async removeOf(recipient: string, tx: Tx, kinds?: readonly MailKind[]): Promise<void> {
    const ofKinds = kinds === undefined ? "" : " AND kind IN (?)";
    const values = kinds === undefined ? [recipient] : [recipient, kinds];
    await this.#database.execute(`DELETE FROM mails WHERE recipient = ?${ofKinds}`, values, tx);
  }

  /** @returns how many it removed */
  async removeOld(before: number, limit: number, tx: Tx): Promise<number> {
    const sql = "SELECT id FROM mails WHERE created_at < ? ORDER BY created_at LIMIT ?";
    const old = await this.#database.select<{ id: string }>(sql, [before, limit], tx);
    if (old.length === 0) return 0;
    return this.#database.execute("DELETE FROM mails WHERE id IN (?)", [old.map(({ id }) => id)], tx);
  }
}
