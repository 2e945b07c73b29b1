import type { Database, Tx } from "../../../mixins/database/database.ts";
import type { MessageKind } from "../domain/message-kinds.ts";

/** A requested message. Times are milliseconds since the Unix epoch. */
export interface RequestedMessage {
  readonly id: string;
  readonly kind: MessageKind;
  /** E.164. */
  readonly recipient: string;
  readonly userId: string | null;
  /** Encrypted. */
  readonly sealedCode: string;
  /** Number of earlier attempts. */
  readonly attempts: number;
  /** The end of its code. */
  readonly expiresAt: number;
  readonly createdAt: number;
}

export type MessageEnding = "sent" | "dropped" | "failed";

const columns = `id, kind, recipient, user_id AS userId, sealed_code AS sealedCode, attempts, due_at AS dueAt,
  expires_at AS expiresAt, created_at AS createdAt`;

export class MessageRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async add(message: RequestedMessage, tx: Tx): Promise<void> {
    const { id, kind, recipient, userId, sealedCode, attempts, expiresAt, createdAt } = message;
    await this.#database.execute(
      `INSERT INTO messages (id, kind, recipient, user_id, sealed_code, status, attempts, due_at, expires_at, created_at)
       VALUES (?, ?, ?, ?, ?, 'waiting', ?, ?, ?, ?)`,
      [id, kind, recipient, userId, sealedCode, attempts, createdAt, expiresAt, createdAt],
      tx,
    );
  }

  /** Leases due messages to the caller. */
  async claim(now: number, leaseMs: number, limit: number, tx: Tx): Promise<RequestedMessage[]> {
    const due = await this.#database.select<RequestedMessage & { dueAt: number }>(
      `SELECT ${columns} FROM messages WHERE status = 'waiting' AND due_at <= ? ORDER BY due_at, id LIMIT ?`,
      [now, limit],
      tx,
    );
    const claimed: RequestedMessage[] = [];
    for (const { dueAt, ...message } of due) {
      const sql =
        "UPDATE messages SET due_at = ?, attempts = attempts + 1 WHERE id = ? AND status = 'waiting' AND due_at = ?";
      if ((await this.#database.execute(sql, [now + leaseMs, message.id, dueAt], tx)) === 1)
        claimed.push(message);
    }
    return claimed;
  }

  /** Ends a message and erases its code. */
  async end(id: string, ending: MessageEnding, error: string | null, tx: Tx): Promise<void> {
    const sql =
      "UPDATE messages SET status = ?, last_error = ?, sealed_code = NULL WHERE id = ? AND status = 'waiting'";
    await this.#database.execute(sql, [ending, error?.slice(0, 300) ?? null, id], tx);
  }

  async postpone(id: string, dueAt: number, error: string, tx: Tx): Promise<void> {
    const sql = "UPDATE messages SET due_at = ?, last_error = ? WHERE id = ? AND status = 'waiting'";
    await this.#database.execute(sql, [dueAt, error.slice(0, 300), id], tx);
  }

  /** Removes a user's messages, and those to their number, sent or not. */
  async removeOf(
    { id, phone }: { readonly id: string; readonly phone: string | null },
    tx: Tx,
  ): Promise<void> {
    await this.#database.execute("DELETE FROM messages WHERE user_id = ?", [id], tx);
    if (phone !== null) await this.#database.execute("DELETE FROM messages WHERE recipient = ?", [phone], tx);
  }

  /** @returns how many it removed */
  async removeOld(before: number, limit: number, tx: Tx): Promise<number> {
    const sql = "SELECT id FROM messages WHERE created_at < ? ORDER BY created_at LIMIT ?";
    const old = await this.#database.select<{ id: string }>(sql, [before, limit], tx);
    if (old.length === 0) return 0;
    return this.#database.execute("DELETE FROM messages WHERE id IN (?)", [old.map(({ id }) => id)], tx);
  }
}
