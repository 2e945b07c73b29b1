import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import type { Migration } from "../../../../mixins/database/migrate.ts";

/** Widens columns for encrypted secrets. The service, which has the key, encrypts existing ones. */
export const encryptedSecrets: Migration = {
  name: "0007-encrypted-secrets",

  async up(query: QueryInterface) {
    await widen(query, 255);
  },

  /** @throws Error while a secret is encrypted: an earlier version could not read it */
  async down(query: QueryInterface) {
    for (const [table, column] of [
      ["two_factor", "secret"],
      ["signing_keys", "private_jwk"],
    ]) {
      const [rows] = await query.sequelize.query(
        `SELECT ${column} FROM ${table} WHERE ${column} LIKE 'enc1:%' LIMIT 1`,
      );
      if (rows.length > 0)
        throw new Error(`secrets in ${table} are encrypted, which an earlier version cannot read`);
    }
    await widen(query, 64);
  },
};

/** SQLite does not enforce lengths. */
async function widen(query: QueryInterface, length: number): Promise<void> {
  if (query.sequelize.getDialect() !== "sqlite")
    await query.changeColumn("two_factor", "secret", { type: DataTypes.STRING(length), allowNull: false });
}
