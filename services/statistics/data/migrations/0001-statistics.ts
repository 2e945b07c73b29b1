import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import type { Migration } from "../../../../mixins/database/migrate.ts";
import { createInboxTable } from "../../../../mixins/events/inbox-table.ts";
import { createOutboxTable } from "../../../../mixins/events/outbox-table.ts";
import { createTaskTables, dropTaskTables } from "../../../../mixins/tasks/tasks-table.ts";
import { measureNames } from "../../domain/measures.ts";

/** An id, or empty. */
const idOrEmpty = { type: DataTypes.STRING(36), allowNull: false };
const day = { type: DataTypes.CHAR(10), allowNull: false };
const dayOrNull = { type: DataTypes.CHAR(10), allowNull: true };
const moment = { type: DataTypes.BIGINT, allowNull: false };
const momentOrNull = { type: DataTypes.BIGINT, allowNull: true };
const amount = { type: DataTypes.BIGINT, allowNull: false };
const count = { type: DataTypes.INTEGER, allowNull: false };

/** Days are those of STATISTICS_TIME_ZONE; times are milliseconds since 1970 (UTC), amounts minor units. */
export const statistics: Migration = {
  name: "0001-statistics",

  async up(query: QueryInterface) {
    await query.createTable("sales_orders", {
      order_id: { type: DataTypes.CHAR(36), primaryKey: true },
      /** Day of its latest entry. */
      touched_day: day,
    });
    await query.addIndex("sales_orders", ["touched_day"], { name: "sales_orders_by_day" });

    await query.createTable("sales_entries", {
      order_id: { type: DataTypes.CHAR(36), primaryKey: true },
      kind: { type: DataTypes.STRING(10), primaryKey: true },
      ref_id: { ...idOrEmpty, primaryKey: true },
      product_id: { ...idOrEmpty, primaryKey: true },
      /** `*`: the marker of a step. */
      merchant_id: { ...idOrEmpty, primaryKey: true },
      category_id: idOrEmpty,
      day,
      happened_at: moment,
      units: count,
      amount,
      discount: amount,
      shipping: amount,
    });
    await query.addIndex("sales_entries", ["day", "order_id"], { name: "sales_entries_by_day" });

    await query.createTable("sales_days", {
      day: { ...day, primaryKey: true },
      scope: { type: DataTypes.STRING(10), primaryKey: true },
      key_id: { ...idOrEmpty, primaryKey: true },
      merchant_id: { ...idOrEmpty, primaryKey: true },
      ...Object.fromEntries(measureNames.map((name) => [name, amount])),
    });
    await query.addIndex("sales_days", ["scope", "merchant_id", "day", "key_id"], {
      name: "sales_days_scope",
    });
    await query.addIndex("sales_days", ["scope", "day", "key_id"], { name: "sales_days_key" });

    await query.createTable("products", {
      product_id: { type: DataTypes.CHAR(36), primaryKey: true },
      name: { type: DataTypes.STRING(200), allowNull: false },
      /** Ids of the events that told name and category; later events have greater ids. */
      name_event: idOrEmpty,
      category_id: idOrEmpty,
      category_event: idOrEmpty,
    });

    await query.createTable("sessions", {
      session_id: { type: DataTypes.CHAR(36), primaryKey: true },
      user_id: { type: DataTypes.CHAR(36), allowNull: false },
      /** Null until its login has arrived. */
      started_at: momentOrNull,
      started_day: dayOrNull,
      expires_at: momentOrNull,
      ended_at: momentOrNull,
      ended_day: dayOrNull,
      ended_as: { type: DataTypes.STRING(10), allowNull: true },
    });
    await query.addIndex("sessions", ["user_id", "ended_at"], { name: "sessions_of_user" });
    await query.addIndex("sessions", ["ended_at", "expires_at"], { name: "sessions_open" });
    await query.addIndex("sessions", ["started_day"], { name: "sessions_started" });
    await query.addIndex("sessions", ["ended_day"], { name: "sessions_ended" });

    await query.createTable("activity_days", {
      day: { ...day, primaryKey: true },
      logins: count,
      logouts: count,
      revoked: count,
      expired: count,
      registrations: count,
      carts: count,
      peak: count,
    });

    await query.createTable("search_terms", {
      day: { ...day, primaryKey: true },
      /** Compared byte by byte; empty for searches that are counted without their words. */
      term: { type: DataTypes.STRING(120, true), primaryKey: true },
      times: count,
      /** How many of them found nothing. */
      fruitless: count,
    });

    await query.createTable("closed_days", {
      day: { ...day, primaryKey: true },
      task_id: { type: DataTypes.CHAR(36), allowNull: false },
      /** 1: something of the day arrived since, and it is to be closed again. */
      late: count,
    });
    await query.addIndex("closed_days", ["late"], { name: "closed_days_late" });

    await query.createTable("progress", {
      /** One row, 1. Its lock serializes changes of who is online. */
      id: { type: DataTypes.INTEGER, primaryKey: true },
      online: count,
      /** What happened before may have been missed. */
      counted_from: moment,
      /** Sessions that ended earlier, and entries of earlier days, may have been removed. */
      sessions_from: day,
      entries_from: day,
    });

    await createTaskTables(query);
    await createOutboxTable(query);
    await createInboxTable(query);
  },

  async down(query: QueryInterface) {
    await query.dropTable("inbox");
    await query.dropTable("outbox");
    await dropTaskTables(query);
    for (const table of [
      "progress",
      "closed_days",
      "search_terms",
      "activity_days",
      "sessions",
      "products",
      "sales_days",
      "sales_entries",
      "sales_orders",
    ])
      await query.dropTable(table);
  },
};
