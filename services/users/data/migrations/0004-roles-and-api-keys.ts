import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import type { Migration } from "../../../../mixins/database/migrate.ts";

/** Custom roles, and API keys of machines. Times are milliseconds since the Unix epoch. */
export const rolesAndApiKeys: Migration = {
  name: "0004-roles-and-api-keys",

  async up(query: QueryInterface) {
    await query.createTable("roles", {
      name: { type: DataTypes.STRING(20), primaryKey: true },
      summary: { type: DataTypes.STRING(200), allowNull: false },
      /** JSON array of permission names. */
      permissions: { type: DataTypes.TEXT, allowNull: false },
      version: { type: DataTypes.INTEGER, allowNull: false },
      created_at: { type: DataTypes.BIGINT, allowNull: false },
      updated_at: { type: DataTypes.BIGINT, allowNull: false },
    });

    await query.createTable("api_keys", {
      id: { type: DataTypes.CHAR(36), primaryKey: true },
      /** SHA-256 of the key; the key itself is not stored. */
      key_hash: { type: DataTypes.CHAR(64), allowNull: false, unique: true },
      name: { type: DataTypes.STRING(120), allowNull: false },
      /** The key's last characters, for recognition. */
      hint: { type: DataTypes.STRING(8), allowNull: false },
      /** JSON array of permission names. */
      permissions: { type: DataTypes.TEXT, allowNull: false },
      /** The owner, whose own permissions limit it; null when an operator created it. */
      created_by: { type: DataTypes.CHAR(36), allowNull: true },
      created_at: { type: DataTypes.BIGINT, allowNull: false },
      expires_at: { type: DataTypes.BIGINT, allowNull: false },
      revoked_at: { type: DataTypes.BIGINT, allowNull: true },
      last_used_at: { type: DataTypes.BIGINT, allowNull: true },
    });
    await query.addIndex("api_keys", ["created_at", "id"], { name: "api_keys_by_age" });
    await query.addIndex("api_keys", ["created_by"], { name: "api_keys_of_maker" });
  },

  async down(query: QueryInterface) {
    await query.dropTable("api_keys");
    await query.dropTable("roles");
  },
};
