import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import { dropColumns } from "../../../../mixins/database/drop-columns.ts";
import type { Migration } from "../../../../mixins/database/migrate.ts";

/** Columns that customers see of their sessions, and that make a refresh repeatable. */
export const signIns: Migration = {
  name: "0003-sign-ins",

  async up(query: QueryInterface) {
    /** Time of the last token refresh. */
    await query.addColumn("sessions", "last_seen_at", {
      type: DataTypes.BIGINT,
      allowNull: false,
      defaultValue: 0,
    });
    await query.sequelize.query("UPDATE sessions SET last_seen_at = created_at");
    /** SHA-256 of the Idempotency-Key of the exchange, and the salt of its successor. */
    await query.addColumn("refresh_tokens", "retry_key_hash", { type: DataTypes.CHAR(64), allowNull: true });
    await query.addColumn("refresh_tokens", "retry_salt", { type: DataTypes.CHAR(43), allowNull: true });

    await query.createTable("sign_ins", {
      id: { type: DataTypes.CHAR(36), primaryKey: true },
      /** Null for an address without an account; the row is written anyway, for equal timing. */
      user_id: { type: DataTypes.CHAR(36), allowNull: true },
      outcome: { type: DataTypes.STRING(20), allowNull: false },
      session_id: { type: DataTypes.CHAR(36), allowNull: true },
      address: { type: DataTypes.STRING(64), allowNull: true },
      user_agent: { type: DataTypes.STRING(200), allowNull: true },
      created_at: { type: DataTypes.BIGINT, allowNull: false },
    });
    await query.addIndex("sign_ins", ["user_id", "created_at", "id"], { name: "sign_ins_of_user" });
    await query.addIndex("sign_ins", ["created_at"], { name: "sign_ins_by_age" });
  },

  async down(query: QueryInterface) {
    await query.dropTable("sign_ins");
    await dropColumns(query, "refresh_tokens", ["retry_salt", "retry_key_hash"]);
    await dropColumns(query, "sessions", ["last_seen_at"]);
  },
};
