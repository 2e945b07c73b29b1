import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import type { Database, Tx } from "../database/database.ts";

/** The inbox: ids of the events that a service has taken in, each committed together with the event's effect. */
export async function createInboxTable(query: QueryInterface): Promise<void> {
  await query.createTable("inbox", {
    event_id: { type: DataTypes.CHAR(36), primaryKey: true },
    received_at: { type: DataTypes.BIGINT, allowNull: false },
  });
  await query.addIndex("inbox", ["received_at"], { name: "inbox_received" });
}

/** Notes the event as taken in. @returns false when it was before: then its effect is there already */
export async function noteInInbox(database: Database, eventId: string, tx: Tx): Promise<boolean> {
  return database.insertNew("inbox", { event_id: eventId, received_at: Date.now() }, tx);
}

/** An event as the inbox remembers it. */
export interface Noted {
  readonly id: string;
  /** Milliseconds since 1970, UTC. */
  readonly receivedAt: number;
}

/** Up to `limit` events that were taken in after `after` and before `before`, the oldest first. */
export async function oldestInInbox(database: Database, after: number, before: number, limit: number): Promise<Noted[]> {
  return database.select<Noted>(
    `SELECT event_id AS id, received_at AS receivedAt FROM inbox WHERE received_at > ? AND received_at < ?
     ORDER BY received_at LIMIT ?`,
    [after, before, limit],
  );
}

/** Forgets that these events were taken in. */
export async function removeFromInbox(database: Database, ids: readonly string[], tx: Tx): Promise<void> {
  if (ids.length > 0) await database.execute("DELETE FROM inbox WHERE event_id IN (?)", [ids], tx);
}
