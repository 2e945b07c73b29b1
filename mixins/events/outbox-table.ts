import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import { mediumText } from "../database/column-types.ts";
import type { Database, Tx } from "../database/database.ts";
import type { EventEnvelope } from "./envelope.ts";

/**
 * The outbox: events that were committed with the changes they tell of and wait for delivery. Every service that
 * publishes has one in its own database.
 */
export async function createOutboxTable(query: QueryInterface): Promise<void> {
  await query.createTable("outbox", {
    id: { type: DataTypes.CHAR(36), primaryKey: true },
    envelope: { type: mediumText, allowNull: false },
    /** `waiting`, or `dead` after too many failed deliveries. */
    status: { type: DataTypes.STRING(10), allowNull: false },
    attempts: { type: DataTypes.INTEGER, allowNull: false },
    /** Not delivered before this time (ms). */
    due_at: { type: DataTypes.BIGINT, allowNull: false },
    last_error: { type: DataTypes.STRING(500), allowNull: true },
  });
  await query.addIndex("outbox", ["status", "due_at", "id"], { name: "outbox_due" });
}

export async function insertIntoOutbox(database: Database, envelopes: readonly EventEnvelope[], tx: Tx): Promise<void> {
  const rows = envelopes.map(() => "(?, ?, 'waiting', 0, ?)").join(", ");
  const values = envelopes.flatMap((envelope) => [envelope.id, JSON.stringify(envelope), envelope.occurredAt]);
  await database.execute(`INSERT INTO outbox (id, envelope, status, attempts, due_at) VALUES ${rows}`, values, tx);
}

export interface OutboxRow {
  readonly id: string;
  readonly envelope: EventEnvelope;
  readonly attempts: number;
}

/** The waiting events that are due, oldest first. */
export async function dueInOutbox(database: Database, now: number, limit: number): Promise<OutboxRow[]> {
  const rows = await database.select<{ id: string; envelope: string; attempts: number }>(
    "SELECT id, envelope, attempts FROM outbox WHERE status = 'waiting' AND due_at <= ? ORDER BY due_at, id LIMIT ?",
    [now, limit],
  );
  return rows.map((row) => ({ ...row, envelope: JSON.parse(row.envelope) as EventEnvelope }));
}

/** Forgets events that every consumer has taken in. */
export async function removeFromOutbox(database: Database, ids: readonly string[], tx: Tx): Promise<void> {
  if (ids.length > 0) await database.execute("DELETE FROM outbox WHERE id IN (?)", [ids], tx);
}

/** Notes a failed delivery: it is tried again at `dueAt`, or no more by itself when `dead`. */
export async function postponeInOutbox(
  database: Database,
  id: string,
  failure: { attempts: number; dueAt: number; dead: boolean; error: string },
  tx: Tx,
): Promise<void> {
  await database.execute(
    "UPDATE outbox SET attempts = ?, due_at = ?, status = ?, last_error = ? WHERE id = ?",
    [failure.attempts, failure.dueAt, failure.dead ? "dead" : "waiting", failure.error.slice(0, 500), id],
    tx,
  );
}
