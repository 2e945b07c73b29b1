import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import { mediumText } from "../../../../mixins/database/column-types.ts";
import type { Migration } from "../../../../mixins/database/migrate.ts";
import { createInboxTable } from "../../../../mixins/events/inbox-table.ts";
import { createOutboxTable } from "../../../../mixins/events/outbox-table.ts";

const id = DataTypes.CHAR(36);
const moment = { type: DataTypes.BIGINT, allowNull: false };
const momentOrNull = { type: DataTypes.BIGINT, allowNull: true };
const flag = { type: DataTypes.BOOLEAN, allowNull: false };
const number = { type: DataTypes.INTEGER, allowNull: false };
const text = (length: number) => ({ type: DataTypes.STRING(length), allowNull: false });

/** Times are milliseconds since the Unix epoch. */
export const webhooks: Migration = {
  name: "0001-webhooks",

  async up(query: QueryInterface) {
    await query.createTable("endpoints", {
      id: { type: id, primaryKey: true },
      url: text(1000),
      description: text(500),
      /** JSON. */
      events: { type: DataTypes.TEXT, allowNull: false },
      enabled: flag,
      ordered: flag,
      disabled_reason: { type: DataTypes.STRING(10), allowNull: true },
      /** First failed attempt since the last success. */
      failing_since: momentOrNull,
      /** Encrypted. */
      secret: text(300),
      previous_secret: { type: DataTypes.STRING(300), allowNull: true },
      previous_until: momentOrNull,
      /** Position of the last delivery, of an ordered one. */
      last_position: moment,
      version: number,
      created_at: moment,
      updated_at: moment,
      /** Its deliveries are removed first. */
      removed_at: momentOrNull,
    });
    await query.addIndex("endpoints", ["removed_at", "created_at", "id"], { name: "endpoints_by_age" });

    /** What is sent, once for all endpoints. */
    await query.createTable("events", {
      id: { type: id, primaryKey: true },
      type: text(80),
      occurred_at: moment,
      received_at: moment,
      body: { type: mediumText, allowNull: false },
    });
    await query.addIndex("events", ["occurred_at", "id"], { name: "events_by_time" });
    await query.addIndex("events", ["received_at", "id"], { name: "events_by_arrival" });

    await query.createTable("deliveries", {
      id: { type: id, primaryKey: true },
      endpoint_id: { type: id, allowNull: false },
      event_id: { type: id, allowNull: false },
      type: text(80),
      status: text(10),
      /** Counts the deliveries of an ordered endpoint; 0 for others. */
      position: moment,
      attempts: number,
      /** Failed attempts of the current series. */
      failures: number,
      /** Next attempt; while one is under way, the end of its lease. */
      due_at: moment,
      /** The attempt under way. */
      claim: { type: id, allowNull: true },
      created_at: moment,
      ended_at: momentOrNull,
    });
    await query.addIndex("deliveries", ["endpoint_id", "status", "due_at", "id"], { name: "deliveries_due" });
    await query.addIndex("deliveries", ["endpoint_id", "status", "position", "id"], {
      name: "deliveries_in_order",
    });
    await query.addIndex("deliveries", ["endpoint_id", "created_at", "id"], { name: "deliveries_by_time" });
    await query.addIndex("deliveries", ["endpoint_id", "status", "created_at", "id"], {
      name: "deliveries_by_status",
    });
    await query.addIndex("deliveries", ["endpoint_id", "type", "created_at", "id"], {
      name: "deliveries_by_type",
    });
    await query.addIndex("deliveries", ["event_id"], { name: "deliveries_of_event" });
    await query.addIndex("deliveries", ["claim"], { name: "deliveries_claimed" });
    await query.addIndex("deliveries", ["created_at", "id"], { name: "deliveries_by_age" });

    await query.createTable("attempts", {
      delivery_id: { type: id, primaryKey: true },
      number: { type: DataTypes.INTEGER, primaryKey: true },
      at: moment,
      duration_ms: number,
      status: { type: DataTypes.INTEGER, allowNull: true },
      error: { type: DataTypes.STRING(200), allowNull: true },
      response: { type: DataTypes.TEXT, allowNull: true },
    });

    await createInboxTable(query);
    await createOutboxTable(query);
  },

  async down(query: QueryInterface) {
    for (const table of ["outbox", "inbox", "attempts", "deliveries", "events", "endpoints"])
      await query.dropTable(table);
  },
};
