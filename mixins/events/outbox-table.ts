import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import { mediumText } from "../database/column-types.ts";
import { idTime } from "../contract/ids.ts";
import type { Database, Origin, Tx } from "../database/database.ts";
import type { DeadLetter } from "./dead-letter.ts";
import type { EventEnvelope } from "./envelope.ts";

/**
 * Transactional outbox: events are committed with their change and wait here for delivery. Every publishing
 * service has one in its own database.
 */
export async function createOutboxTable(query: QueryInterface): Promise<void> {
  await query.createTable("outbox", {
    id: { type: DataTypes.CHAR(36), primaryKey: true },
    envelope: { type: mediumText, allowNull: false },
    /** `waiting`; `dead` after too many failed deliveries; `sent` until the retention ends. */
    status: { type: DataTypes.STRING(10), allowNull: false },
    attempts: { type: DataTypes.INTEGER, allowNull: false },
    /** Earliest time of the next attempt (ms); 0 before the first failure. For `sent`: when. */
    due_at: { type: DataTypes.BIGINT, allowNull: false },
    last_error: { type: DataTypes.STRING(500), allowNull: true },
  });
  await query.addIndex("outbox", ["status", "due_at", "id"], { name: "outbox_due" });
}

export interface OutboxRow {
  readonly id: string;
  readonly envelope: EventEnvelope;
  readonly attempts: number;
}

/**
 * Waiting events that are due, untried ones first; within `tx`, locked, skipping rows that other nodes have
 * locked.
 */
export async function dueInOutbox(
  database: Database,
  now: number,
  limit: number,
  tx?: Tx,
): Promise<OutboxRow[]> {
  const lock = tx && database.engine === "mysql" ? " FOR UPDATE SKIP LOCKED" : "";
  const rows = await database.select<{ id: string; envelope: string; attempts: number }>(
    `SELECT id, envelope, attempts FROM outbox WHERE status = 'waiting' AND due_at <= ?
     ORDER BY due_at, id LIMIT ?${lock}`,
    [now, limit],
    tx,
  );
  return rows.map((row) => ({ ...row, envelope: JSON.parse(row.envelope) as EventEnvelope }));
}

/** Number of waiting events, due or not. */
export async function countWaiting(database: Database): Promise<number> {
  const [row] = await database.select<{ n: number }>(
    "SELECT COUNT(*) AS n FROM outbox WHERE status = 'waiting'",
  );
  return row?.n ?? 0;
}

/** The ids among these that are waiting or dead in this outbox. */
export async function idsInOutbox(database: Database, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await database.select<{ id: string }>("SELECT id FROM outbox WHERE id IN (?)", [ids]);
  return rows.map(({ id }) => id);
}

const countLimit = 10_000;

/** Number of waiting or dead events, counted up to `countLimit`, and when the oldest was published (ms). */
export async function countInOutbox(
  database: Database,
  status: "waiting" | "dead",
): Promise<{ count: number; oldestAt: number | undefined }> {
  const [row] = await database.select<{ n: number; oldest: string | null }>(
    `SELECT COUNT(*) AS n, MIN(id) AS oldest
     FROM (SELECT id FROM outbox WHERE status = ? ORDER BY due_at, id LIMIT ?) AS first_ones`,
    [status, countLimit],
  );
  return { count: row?.n ?? 0, oldestAt: row?.oldest ? idTime(row.oldest) : undefined };
}

/** Marks events as sent and keeps them, in case their queue is lost. */
export async function markSentInOutbox(database: Database, ids: readonly string[], tx: Tx): Promise<void> {
  // A list is safe here: UPDATE skips other rows that are locked (see `removeFromOutbox`).
  const sql = "UPDATE outbox SET status = 'sent', due_at = ? WHERE id IN (?)";
  if (ids.length > 0) await database.execute(sql, [Date.now(), ids], tx);
}

/** Up to `limit` events sent before this time (ms), oldest first. */
export async function sentBefore(database: Database, before: number, limit: number): Promise<string[]> {
  const sql = "SELECT id FROM outbox WHERE status = 'sent' AND due_at < ? ORDER BY due_at, id LIMIT ?";
  return (await database.select<{ id: string }>(sql, [before, limit])).map(({ id }) => id);
}

/** Waits for the batches in progress on all nodes of the service. Each later batch reads the outbox anew. */
export async function awaitSenders(database: Database, tx: Tx): Promise<void> {
  await database.select(
    `SELECT COUNT(*) AS n FROM outbox WHERE status = 'waiting'${database.forUpdate}`,
    [],
    tx,
  );
}

const resendBatchSize = 500;

/**
 * Requeues events with these names that were sent since then (ms); new events go first.
 *
 * @returns their number
 */
export async function resendFromOutbox(
  database: Database,
  origin: Origin,
  names: ReadonlySet<string>,
  since: number,
): Promise<number> {
  const [newest] = await database.select<{ at: number | null }>(
    "SELECT MAX(due_at) AS at FROM outbox WHERE status = 'sent'",
  );
  // Excludes events that are sent during this loop.
  const upTo = newest?.at ?? -1;
  let [count, dueAt, id] = [0, since, ""];
  for (;;) {
    const page = await database.select<{ id: string; dueAt: number; envelope: string }>(
      `SELECT id, due_at AS dueAt, envelope FROM outbox
       WHERE status = 'sent' AND due_at >= ? AND due_at <= ? AND (due_at > ? OR id > ?) ORDER BY due_at, id LIMIT ?`,
      [dueAt, upTo, dueAt, id, resendBatchSize],
    );
    const wanted = page.filter(({ envelope }) => names.has((JSON.parse(envelope) as EventEnvelope).name));
    const ids = wanted.map((row) => row.id);
    const sql =
      "UPDATE outbox SET status = 'waiting', attempts = 0, due_at = ? WHERE status = 'sent' AND id IN (?)";
    if (ids.length > 0)
      count += await database.transaction(origin, (tx) => database.execute(sql, [Date.now(), ids], tx));
    const last = page.at(-1);
    if (!last || page.length < resendBatchSize) return count;
    ({ dueAt, id } = last);
  }
}

/** Removes events that every consumer has stored. */
export async function removeFromOutbox(database: Database, ids: readonly string[], tx: Tx): Promise<void> {
  if (database.engine === "sqlite" && ids.length > 0)
    await database.execute("DELETE FROM outbox WHERE id IN (?)", [ids], tx);
  // With a list, MySQL and MariaDB scan a small table regardless of index hints, and so deadlock with nodes
  // that lock other rows. A single id uses the primary key.
  if (database.engine === "mysql")
    for (const id of ids) await database.execute("DELETE FROM outbox WHERE id = ?", [id], tx);
}

/** Records a failed delivery: retried at `dueAt`, unless `dead`. */
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

/** Dead events, oldest first. */
export async function deadInOutbox(database: Database, limit: number): Promise<DeadLetter[]> {
  const rows = await database.select<{
    id: string;
    envelope: string;
    attempts: number;
    lastError: string | null;
  }>(
    `SELECT id, envelope, attempts, last_error AS lastError FROM outbox WHERE status = 'dead'
     ORDER BY due_at, id LIMIT ?`,
    [limit],
  );
  return rows.map(({ id, envelope, attempts, lastError }) => ({
    id,
    event: JSON.parse(envelope) as EventEnvelope,
    consumer: null,
    attempts,
    error: lastError ?? "",
  }));
}

/** Removes a dead event. @returns their number */
export async function removeDeadFromOutbox(database: Database, eventId: string, tx: Tx): Promise<number> {
  return database.execute("DELETE FROM outbox WHERE status = 'dead' AND id = ?", [eventId], tx);
}

/** Requeues one dead event, or all. @returns their number */
export async function requeueInOutbox(
  database: Database,
  eventId: string | undefined,
  tx: Tx,
): Promise<number> {
  const [condition, values] = eventId === undefined ? ["", []] : [" AND id = ?", [eventId]];
  return database.execute(
    `UPDATE outbox SET status = 'waiting', attempts = 0, due_at = 0 WHERE status = 'dead'${condition}`,
    values,
    tx,
  );
}
