import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import type { Migration } from "../../../../mixins/database/migrate.ts";
import { createOutboxTable } from "../../../../mixins/events/outbox-table.ts";

/** Times are milliseconds since the Unix epoch. */
export const accounts: Migration = {
  name: "0001-accounts",

  async up(query: QueryInterface) {
    await query.createTable("users", {
      id: { type: DataTypes.CHAR(36), primaryKey: true },
      email: { type: DataTypes.STRING(254), allowNull: false, unique: true },
      name: { type: DataTypes.STRING(120), allowNull: false },
      /** PHC string of Argon2id. */
      password_hash: { type: DataTypes.STRING(200), allowNull: false },
      role: { type: DataTypes.STRING(20), allowNull: false },
      status: { type: DataTypes.STRING(10), allowNull: false },
      version: { type: DataTypes.INTEGER, allowNull: false },
      created_at: { type: DataTypes.BIGINT, allowNull: false },
      updated_at: { type: DataTypes.BIGINT, allowNull: false },
    });
    await query.addIndex("users", ["created_at", "id"], { name: "users_created" });
    await query.addIndex("users", ["role", "created_at", "id"], { name: "users_role" });

    await query.createTable("addresses", {
      id: { type: DataTypes.CHAR(36), primaryKey: true },
      user_id: { type: DataTypes.CHAR(36), allowNull: false },
      label: { type: DataTypes.STRING(60), allowNull: true },
      /** JSON of the contract's `Address`. */
      address: { type: DataTypes.TEXT, allowNull: false },
      created_at: { type: DataTypes.BIGINT, allowNull: false },
      updated_at: { type: DataTypes.BIGINT, allowNull: false },
    });
    await query.addIndex("addresses", ["user_id", "created_at", "id"], { name: "addresses_of_user" });

    await query.createTable("sessions", {
      id: { type: DataTypes.CHAR(36), primaryKey: true },
      user_id: { type: DataTypes.CHAR(36), allowNull: false },
      created_at: { type: DataTypes.BIGINT, allowNull: false },
      expires_at: { type: DataTypes.BIGINT, allowNull: false },
      /** Null while the session is valid. */
      ended_at: { type: DataTypes.BIGINT, allowNull: true },
      address: { type: DataTypes.STRING(64), allowNull: true },
      user_agent: { type: DataTypes.STRING(200), allowNull: true },
    });
    await query.addIndex("sessions", ["user_id", "ended_at"], { name: "sessions_of_user" });
    await query.addIndex("sessions", ["expires_at"], { name: "sessions_expiry" });

    await query.createTable("refresh_tokens", {
      /** SHA-256 of the token; the token itself is not stored. */
      token_hash: { type: DataTypes.CHAR(64), primaryKey: true },
      session_id: { type: DataTypes.CHAR(36), allowNull: false },
      issued_at: { type: DataTypes.BIGINT, allowNull: false },
      /** Null until it is exchanged; a second exchange indicates theft. */
      used_at: { type: DataTypes.BIGINT, allowNull: true },
    });
    await query.addIndex("refresh_tokens", ["session_id"], { name: "refresh_tokens_of_session" });

    await query.createTable("signing_keys", {
      kid: { type: DataTypes.CHAR(36), primaryKey: true },
      /** Ed25519 private key as JWK. */
      private_jwk: { type: DataTypes.TEXT, allowNull: false },
      created_at: { type: DataTypes.BIGINT, allowNull: false },
    });

    await createOutboxTable(query);
  },

  async down(query: QueryInterface) {
    for (const table of ["outbox", "signing_keys", "refresh_tokens", "sessions", "addresses", "users"])
      await query.dropTable(table);
  },
};
