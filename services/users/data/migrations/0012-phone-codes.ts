import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import type { Migration } from "../../../../mixins/database/migrate.ts";

/** Codes sent to phones, their limits, and the queue of messages. Times are milliseconds since the Unix epoch. */
export const phoneCodes: Migration = {
  name: "0012-phone-codes.expand",

  async up(query: QueryInterface) {
    await query.createTable("phone_codes", {
      /** For a login: SHA-256 of the challenge that the client holds. */
      id: { type: DataTypes.STRING(64), primaryKey: true },
      purpose: { type: DataTypes.STRING(12), allowNull: false },
      /** Of a verification: whose number it will be. */
      user_id: { type: DataTypes.CHAR(36), allowNull: true },
      phone: { type: DataTypes.STRING(16), allowNull: false },
      /** HMAC-SHA-256 under a key that no database has: six digits alone could be found by trying. */
      code_hash: { type: DataTypes.CHAR(64), allowNull: false },
      attempts: { type: DataTypes.INTEGER, allowNull: false },
      expires_at: { type: DataTypes.BIGINT, allowNull: false },
    });
    await query.addIndex("phone_codes", ["expires_at"], { name: "phone_codes_expiry" });
    await query.addIndex("phone_codes", ["user_id"], { name: "phone_codes_of_user" });

    await query.createTable("code_counts", {
      /** SHA-256 of what is limited: an account, a phone, a range of numbers, an address. */
      subject: { type: DataTypes.CHAR(64), primaryKey: true },
      /** End of the window. */
      until: { type: DataTypes.BIGINT, primaryKey: true },
      requests: { type: DataTypes.INTEGER, allowNull: false },
    });
    await query.addIndex("code_counts", ["until"], { name: "code_counts_expiry" });

    await query.createTable("messages", {
      id: { type: DataTypes.CHAR(36), primaryKey: true },
      kind: { type: DataTypes.STRING(30), allowNull: false },
      recipient: { type: DataTypes.STRING(16), allowNull: false },
      /** Null while it is unknown whether the number has an account. */
      user_id: { type: DataTypes.CHAR(36), allowNull: true },
      /** The code, encrypted; null when the message has ended. */
      sealed_code: { type: DataTypes.STRING(200), allowNull: true },
      /** `waiting`, then `sent`, `dropped` (nothing to send) or `failed`. */
      status: { type: DataTypes.STRING(10), allowNull: false },
      attempts: { type: DataTypes.INTEGER, allowNull: false },
      /** While waiting: earliest attempt; the sending node moves it forward as a lease. */
      due_at: { type: DataTypes.BIGINT, allowNull: false },
      /** The end of its code. */
      expires_at: { type: DataTypes.BIGINT, allowNull: false },
      created_at: { type: DataTypes.BIGINT, allowNull: false },
      last_error: { type: DataTypes.STRING(300), allowNull: true },
    });
    await query.addIndex("messages", ["status", "due_at", "id"], { name: "messages_due" });
    await query.addIndex("messages", ["recipient"], { name: "messages_of_recipient" });
    await query.addIndex("messages", ["user_id"], { name: "messages_of_user" });
    await query.addIndex("messages", ["created_at"], { name: "messages_by_age" });
  },

  async down(query: QueryInterface) {
    for (const table of ["messages", "code_counts", "phone_codes"]) await query.dropTable(table);
  },
};
