import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import type { Database, Tx } from "../database/database.ts";

/** The inbox: ids of consumed events, each committed with the event's effect. */
export async function createInboxTable(query: QueryInterface): Promise<void> {
  await query.createTable("inbox", {
    event_id: { type: DataTypes.CHAR(36), primaryKey: true },
    received_at: { type: DataTypes.BIGINT, allowNull: false },
  });
  await query.addIndex("inbox", ["received_at"], { name: "inbox_received" });
}

/**
 * Adds events to the inbox, in at most two statements.
 *
 * @returns those that were not there; the others have taken effect
 * @throws UniqueConstraintError when another node is consuming one of several at the same time
 */
export async function insertIntoInbox(
  database: Database,
  eventIds: readonly string[],
  tx: Tx,
): Promise<Set<string>> {
  const [first, ...others] = new Set(eventIds);
  if (first === undefined) return new Set();
  const now = Date.now();
  if (others.length === 0)
    return new Set(
      (await database.insertIfAbsent("inbox", { event_id: first, received_at: now }, tx)) ? [first] : [],
    );
  const known = await database.select<{ id: string }>(
    "SELECT event_id AS id FROM inbox WHERE event_id IN (?)",
    [eventIds],
    tx,
  );
  const fresh = new Set(eventIds);
  for (const { id } of known) fresh.delete(id);
  const rows = [...fresh].map(() => "(?, ?)").join(", ");
  if (fresh.size > 0)
    await database.execute(
      `INSERT INTO inbox (event_id, received_at) VALUES ${rows}`,
      [...fresh].flatMap((id) => [id, now]),
      tx,
    );
  return fresh;
}

/** An inbox entry. */
export interface InboxRow {
  readonly id: string;
  /** Milliseconds since 1970, UTC. */
  readonly receivedAt: number;
}

/** Up to `limit` entries received between `after` and `before`, oldest first. */
export async function oldestInInbox(
  database: Database,
  after: number,
  before: number,
  limit: number,
): Promise<InboxRow[]> {
  return database.select<InboxRow>(
    `SELECT event_id AS id, received_at AS receivedAt FROM inbox WHERE received_at > ? AND received_at < ?
     ORDER BY received_at LIMIT ?`,
    [after, before, limit],
  );
}

/** Removes events from the inbox. */
export async function removeFromInbox(database: Database, ids: readonly string[], tx: Tx): Promise<void> {
  if (ids.length > 0) await database.execute("DELETE FROM inbox WHERE event_id IN (?)", [ids], tx);
}
