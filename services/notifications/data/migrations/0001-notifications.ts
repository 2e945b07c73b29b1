import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import { mediumText } from "../../../../mixins/database/column-types.ts";
import type { Migration } from "../../../../mixins/database/migrate.ts";
import { createInboxTable } from "../../../../mixins/events/inbox-table.ts";
import { createOutboxTable } from "../../../../mixins/events/outbox-table.ts";

const id = { type: DataTypes.CHAR(36), primaryKey: true };
const time = { type: DataTypes.BIGINT, allowNull: false };
const perhaps = { type: DataTypes.BIGINT, allowNull: true };
const number = { type: DataTypes.INTEGER, allowNull: false };
const kind = { type: DataTypes.STRING(30), allowNull: false };

/** Times are milliseconds since the Unix epoch. */
export const notificationTables: Migration = {
  name: "0001-notifications",

  async up(query: QueryInterface) {
    await query.createTable("notifications", {
      id,
      /** The event or announcement that it tells of. */
      source_id: { type: DataTypes.CHAR(36), allowNull: false },
      kind,
      /** The customer's id, or a guest's address. */
      recipient: { type: DataTypes.STRING(320), allowNull: false },
      customer_id: { type: DataTypes.CHAR(36), allowNull: true },
      email: { type: DataTypes.STRING(320), allowNull: true },
      phone: { type: DataTypes.STRING(16), allowNull: true },
      locale: { type: DataTypes.STRING(20), allowNull: true },
      /** Of the order, after-sale or product that it is about. */
      subject_id: { type: DataTypes.CHAR(36), allowNull: true },
      /** Values of the template's variables, as JSON. */
      variables: { type: mediumText, allowNull: false },
      /** The customer in whose inbox it is; null for none. */
      inbox_of: { type: DataTypes.CHAR(36), allowNull: true },
      is_unread: number,
      read_at: perhaps,
      occurred_at: time,
      created_at: time,
    });
    await query.addIndex("notifications", ["source_id", "recipient"], {
      name: "notifications_once",
      unique: true,
    });
    const indexes = {
      notifications_inbox: ["inbox_of", "created_at", "id"],
      notifications_unread: ["inbox_of", "is_unread", "created_at", "id"],
      notifications_of_customer: ["customer_id"],
      notifications_by_age: ["created_at"],
    };
    for (const [name, columns] of Object.entries(indexes))
      await query.addIndex("notifications", columns, { name });
    await query.createTable("deliveries", {
      id,
      notification_id: { type: DataTypes.CHAR(36), allowNull: false },
      channel: { type: DataTypes.STRING(10), allowNull: false },
      /** 1: before those of optional kinds. */
      is_urgent: number,
      status: { type: DataTypes.STRING(10), allowNull: false },
      attempts: number,
      /** Next attempt, or end of the lease while it is being sent; null when it has ended. */
      due_at: perhaps,
      /** No attempt is planned for later. */
      ends_at: time,
      ended_at: perhaps,
      last_error: { type: DataTypes.STRING(300), allowNull: true },
    });
    await query.addIndex("deliveries", ["notification_id", "channel"], {
      name: "deliveries_once",
      unique: true,
    });
    await query.addIndex("deliveries", ["channel", "is_urgent", "due_at", "id"], { name: "deliveries_due" });
    await query.addIndex("deliveries", ["status", "channel"], { name: "deliveries_by_status" });
    await query.createTable("preferences", {
      customer_id: id,
      /** As JSON: by kind and channel, what differs from the default. */
      choices: { type: DataTypes.TEXT, allowNull: false },
      /** Minutes since midnight; null for none. */
      quiet_from: { type: DataTypes.INTEGER, allowNull: true },
      quiet_to: { type: DataTypes.INTEGER, allowNull: true },
      time_zone: { type: DataTypes.STRING(64), allowNull: true },
      updated_at: time,
    });
    await query.createTable("templates", {
      kind: { ...kind, primaryKey: true },
      locale: { type: DataTypes.STRING(20), primaryKey: true },
      subject: { type: DataTypes.STRING(200), allowNull: false },
      text: { type: mediumText, allowNull: false },
      html: { type: mediumText, allowNull: false },
      short: { type: DataTypes.STRING(300), allowNull: false },
      version: number,
      updated_at: time,
    });
    /** News of a product for all who keep it as a favourite. */
    await query.createTable("announcements", {
      id,
      kind,
      product_id: { type: DataTypes.CHAR(36), allowNull: false },
      /** A day (UTC): a product is announced once in it. */
      day: { type: DataTypes.CHAR(10), allowNull: false },
      /** Minor units; null where it is not about a price. */
      price_before: perhaps,
      occurred_at: time,
      /** Last customer who was told. */
      told_to: { type: DataTypes.CHAR(36), allowNull: false },
      /** Next step, or end of a node's lease; null when all were told. */
      due_at: perhaps,
      created_at: time,
    });
    await query.addIndex("announcements", ["product_id", "kind", "day"], {
      name: "announcements_once",
      unique: true,
    });
    await query.addIndex("announcements", ["due_at", "id"], { name: "announcements_due" });
    await query.addIndex("announcements", ["created_at"], { name: "announcements_by_age" });
    await query.createTable("unsubscribe_keys", {
      id: { type: DataTypes.INTEGER, primaryKey: true },
      secret: { type: DataTypes.CHAR(43), allowNull: false },
    });
    await createOutboxTable(query);
    await createInboxTable(query);
  },

  async down(query: QueryInterface) {
    const tables = [
      "notifications",
      "deliveries",
      "preferences",
      "templates",
      "announcements",
      "unsubscribe_keys",
    ];
    for (const table of ["inbox", "outbox", ...tables]) await query.dropTable(table);
  },
};
