import type { Database, Tx } from "../../../mixins/database/database.ts";
import type { KindName, OutwardChannel } from "../domain/kinds.ts";
import type { Recipient } from "../domain/recipient.ts";
import type { Values } from "../domain/values.ts";

/**
 * `sending` from before the transport is called until its answer is stored. `skipped` was not wanted, or had no
 * address; `failed` was given up.
 */
export const deliveryStatuses = ["waiting", "sending", "sent", "skipped", "failed"] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];
export type DeliveryEnding = Exclude<DeliveryStatus, "waiting" | "sending">;

/** A claimed delivery with what it tells. Times are milliseconds since the Unix epoch. */
export interface Delivery {
  readonly id: string;
  /** Number of this attempt, from 1. */
  readonly attempt: number;
  /** The lease, which identifies the claim. */
  readonly dueAt: number;
  readonly endsAt: number;
  readonly notificationId: string;
  readonly kind: KindName;
  readonly recipient: Recipient;
  readonly subjectId: string | null;
  readonly values: Values;
  readonly occurredAt: number;
}

type DueRow = { id: string; due_at: number };
type ClaimedRow = {
  id: string;
  attempts: number;
  due_at: number;
  ends_at: number;
  notification_id: string;
  kind: KindName;
  customer_id: string | null;
  email: string | null;
  phone: string | null;
  locale: string | null;
  subject_id: string | null;
  variables: string;
  occurred_at: number;
};

export class DeliveryRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Leases due deliveries to the caller, urgent ones first, and counts the attempt. Includes those whose lease has
   * expired: their node died while it sent them.
   */
  async claim(
    channel: OutwardChannel,
    now: number,
    leaseMs: number,
    limit: number,
    tx: Tx,
  ): Promise<Delivery[]> {
    const due = await this.#due(channel, 1, now, limit, tx);
    if (due.length < limit) due.push(...(await this.#due(channel, 0, now, limit - due.length, tx)));
    const claimed: string[] = [];
    for (const { id, due_at } of due) {
      const sql =
        "UPDATE deliveries SET status = 'sending', attempts = attempts + 1, due_at = ? WHERE id = ? AND due_at = ?";
      if ((await this.#database.execute(sql, [now + leaseMs, id, due_at], tx)) === 1) claimed.push(id);
    }
    if (claimed.length === 0) return [];
    const rows = await this.#database.select<ClaimedRow>(
      `SELECT d.id, d.attempts, d.due_at, d.ends_at, d.notification_id, n.kind, n.customer_id, n.email, n.phone,
         n.locale, n.subject_id, n.variables, n.occurred_at
       FROM deliveries d JOIN notifications n ON n.id = d.notification_id WHERE d.id IN (?) ORDER BY d.id`,
      [claimed],
      tx,
    );
    return rows.map(fromRow);
  }

  /** Ends a claimed delivery. @returns false when the claim was lost, or its customer removed */
  async end({ id, dueAt }: Delivery, ending: DeliveryEnding, error: string | null, now: number, tx: Tx) {
    const sql = `UPDATE deliveries SET status = ?, due_at = NULL, ended_at = ?, last_error = ?
      WHERE id = ? AND due_at = ? AND status = 'sending'`;
    return (await this.#database.execute(sql, [ending, now, cut(error), id, dueAt], tx)) === 1;
  }

  /** Gives a claimed delivery back until the next attempt. */
  async postpone({ id, dueAt }: Delivery, until: number, error: string, tx: Tx): Promise<void> {
    const sql = `UPDATE deliveries SET status = 'waiting', due_at = ?, last_error = ?
      WHERE id = ? AND due_at = ? AND status = 'sending'`;
    await this.#database.execute(sql, [until, cut(error), id, dueAt], tx);
  }

  /** Gives a claimed delivery back without an attempt, with the time for its attempts from then on. */
  async deferUntil({ id, dueAt }: Delivery, until: number, endsAt: number, tx: Tx): Promise<void> {
    const sql = `UPDATE deliveries SET status = 'waiting', attempts = attempts - 1, due_at = ?, ends_at = ?
      WHERE id = ? AND due_at = ? AND status = 'sending'`;
    await this.#database.execute(sql, [until, endsAt, id, dueAt], tx);
  }

  /** Number of deliveries by channel and status, each counted up to `limit`. */
  async summary(channel: OutwardChannel, status: DeliveryStatus, limit: number): Promise<number> {
    const sql = `SELECT COUNT(*) AS n FROM (SELECT 1 AS one FROM deliveries WHERE status = ? AND channel = ?
      LIMIT ?) counted`;
    const [row] = await this.#database.select<{ n: number }>(sql, [status, channel, limit]);
    return row?.n ?? 0;
  }

  async #due(channel: OutwardChannel, urgent: 0 | 1, now: number, limit: number, tx: Tx): Promise<DueRow[]> {
    const sql = `SELECT id, due_at FROM deliveries WHERE channel = ? AND is_urgent = ? AND due_at <= ?
      ORDER BY due_at, id LIMIT ?`;
    return this.#database.select<DueRow>(sql, [channel, urgent, now, limit], tx);
  }
}

function cut(error: string | null): string | null {
  return error?.slice(0, 300) ?? null;
}

function fromRow(row: ClaimedRow): Delivery {
  return {
    id: row.id,
    attempt: row.attempts,
    dueAt: row.due_at,
    endsAt: row.ends_at,
    notificationId: row.notification_id,
    kind: row.kind,
    recipient: { customerId: row.customer_id, email: row.email, phone: row.phone, locale: row.locale },
    subjectId: row.subject_id,
    values: JSON.parse(row.variables) as Values,
    occurredAt: row.occurred_at,
  };
}
