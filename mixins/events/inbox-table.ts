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
