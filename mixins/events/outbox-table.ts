import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import { mediumText } from "../database/column-types.ts";
import { idTime } from "../../services/contract/ids.ts";
import type { Database, Tx } from "../database/database.ts";
import type { DeadLetter } from "./dead-letter.ts";
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
    /** Not delivered before this time (ms); 0 until a delivery has failed. */
    due_at: { type: DataTypes.BIGINT, allowNull: false },
    last_error: { type: DataTypes.STRING(500), allowNull: true },
  });
  await query.addIndex("outbox", ["status", "due_at", "id"], { name: "outbox_due" });
}

export async function insertIntoOutbox(database: Database, envelopes: readonly EventEnvelope[], tx: Tx): Promise<void> {
  // Due at once, by whatever clock.
  const rows = envelopes.map(() => "(?, ?, 'waiting', 0, 0)").join(", ");
  const values = envelopes.flatMap((envelope) => [envelope.id, JSON.stringify(envelope)]);
  await database.execute(`INSERT INTO outbox (id, envelope, status, attempts, due_at) VALUES ${rows}`, values, tx);
}

export interface OutboxRow {
  readonly id: string;
  readonly envelope: EventEnvelope;
  readonly attempts: number;
}

/** The waiting events that are due, those first that were not tried before; within `tx`, locked, without those that another node has locked. */
export async function dueInOutbox(database: Database, now: number, limit: number, tx?: Tx): Promise<OutboxRow[]> {
  const lock = tx && database.engine === "mysql" ? " FOR UPDATE SKIP LOCKED" : "";
  const rows = await database.select<{ id: string; envelope: string; attempts: number }>(
    `SELECT id, envelope, attempts FROM outbox WHERE status = 'waiting' AND due_at <= ?
     ORDER BY due_at, id LIMIT ?${lock}`,
    [now, limit],
    tx,
  );
  return rows.map((row) => ({ ...row, envelope: JSON.parse(row.envelope) as EventEnvelope }));
}

/** How many events wait for delivery, also those whose time has not come. */
export async function countWaiting(database: Database): Promise<number> {
  const [row] = await database.select<{ n: number }>("SELECT COUNT(*) AS n FROM outbox WHERE status = 'waiting'");
  return row?.n ?? 0;
}

/** Those of the events that wait in this outbox or were set aside there. */
export async function knownToOutbox(database: Database, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await database.select<{ id: string }>("SELECT id FROM outbox WHERE id IN (?)", [ids]);
  return rows.map(({ id }) => id);
}

const mostCounted = 10_000;

/** How many events wait, or were set aside, as far as `mostCounted`, and when the oldest of these was published (ms). */
export async function countInOutbox(
  database: Database,
  status: "waiting" | "dead",
): Promise<{ count: number; oldestAt: number | undefined }> {
  const [row] = await database.select<{ n: number; oldest: string | null }>(
    `SELECT COUNT(*) AS n, MIN(id) AS oldest
     FROM (SELECT id FROM outbox WHERE status = ? ORDER BY due_at, id LIMIT ?) AS first_ones`,
    [status, mostCounted],
  );
  return { count: row?.n ?? 0, oldestAt: row?.oldest ? idTime(row.oldest) : undefined };
}

/** Forgets events that every consumer has taken in. */
export async function removeFromOutbox(database: Database, ids: readonly string[], tx: Tx): Promise<void> {
  if (database.engine === "sqlite" && ids.length > 0) await database.execute("DELETE FROM outbox WHERE id IN (?)", [ids], tx);
  // Given a list, the MySQL family reads all of a small table, whatever index it is told to use, and so waits for rows
  // that other nodes have locked, which wait for these. An event that is named alone is found by its key.
  if (database.engine === "mysql")
    for (const id of ids) await database.execute("DELETE FROM outbox WHERE id = ?", [id], tx);
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

/** The events that were set aside, oldest first. */
export async function deadInOutbox(database: Database, limit: number): Promise<DeadLetter[]> {
  const rows = await database.select<{ envelope: string; attempts: number; lastError: string | null }>(
    `SELECT envelope, attempts, last_error AS lastError FROM outbox WHERE status = 'dead'
     ORDER BY due_at, id LIMIT ?`,
    [limit],
  );
  return rows.map(({ envelope, attempts, lastError }) => ({
    event: JSON.parse(envelope) as EventEnvelope,
    consumer: null,
    attempts,
    error: lastError ?? "",
  }));
}

/** Lets events that were set aside, or one of them, be delivered again. @returns how many */
export async function reviveInOutbox(database: Database, eventId: string | undefined, tx: Tx): Promise<number> {
  const [condition, values] = eventId === undefined ? ["", []] : [" AND id = ?", [eventId]];
  return database.execute(
    `UPDATE outbox SET status = 'waiting', attempts = 0, due_at = 0 WHERE status = 'dead'${condition}`,
    values,
    tx,
  );
}
