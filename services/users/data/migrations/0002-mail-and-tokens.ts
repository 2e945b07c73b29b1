import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import { dropColumns } from "../../../../mixins/database/drop-columns.ts";
import type { Migration } from "../../../../mixins/database/migrate.ts";
import { createInboxTable } from "../../../../mixins/events/inbox-table.ts";

/** Mail queue, mailed tokens, and further columns of accounts and sessions. */
export const mailAndTokens: Migration = {
  name: "0002-mail-and-tokens",

  async up(query: QueryInterface) {
    /** Null until the address is verified by mail. */
    await query.addColumn("users", "email_verified_at", { type: DataTypes.BIGINT, allowNull: true });
    /** Time of the user's last password entry. */
    await query.addColumn("sessions", "verified_at", {
      type: DataTypes.BIGINT,
      allowNull: false,
      defaultValue: 0,
    });

    await query.createTable("mails", {
      id: { type: DataTypes.CHAR(36), primaryKey: true },
      kind: { type: DataTypes.STRING(30), allowNull: false },
      recipient: { type: DataTypes.STRING(254), allowNull: false },
      /** Null while it is unknown whether the address has an account. */
      user_id: { type: DataTypes.CHAR(36), allowNull: true },
      /** `waiting`, then `sent`, `dropped` (nothing to send) or `failed`. */
      status: { type: DataTypes.STRING(10), allowNull: false },
      attempts: { type: DataTypes.INTEGER, allowNull: false },
      /** While waiting: earliest attempt; the sending node moves it forward as a lease. */
      due_at: { type: DataTypes.BIGINT, allowNull: false },
      created_at: { type: DataTypes.BIGINT, allowNull: false },
      last_error: { type: DataTypes.STRING(300), allowNull: true },
    });
    await query.addIndex("mails", ["status", "due_at", "id"], { name: "mails_due" });
    await query.addIndex("mails", ["recipient", "kind", "created_at"], { name: "mails_of_recipient" });
    await query.addIndex("mails", ["created_at"], { name: "mails_by_age" });

    await query.createTable("one_time_tokens", {
      /** SHA-256 of the token; the token itself is not stored. */
      token_hash: { type: DataTypes.CHAR(64), primaryKey: true },
      user_id: { type: DataTypes.CHAR(36), allowNull: false },
      purpose: { type: DataTypes.STRING(20), allowNull: false },
      /** The address that the token was sent to. */
      email: { type: DataTypes.STRING(254), allowNull: false },
      expires_at: { type: DataTypes.BIGINT, allowNull: false },
    });
    await query.addIndex("one_time_tokens", ["user_id", "purpose"], { name: "one_time_tokens_of_user" });
    await query.addIndex("one_time_tokens", ["expires_at"], { name: "one_time_tokens_expiry" });

    await createInboxTable(query);
  },

  async down(query: QueryInterface) {
    for (const table of ["inbox", "one_time_tokens", "mails"]) await query.dropTable(table);
    // Sequelize would recreate the whole SQLite table.
    await dropColumns(query, "sessions", ["verified_at"]);
    await dropColumns(query, "users", ["email_verified_at"]);
  },
};
