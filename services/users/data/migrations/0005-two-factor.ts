import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import type { Migration } from "../../../../mixins/database/migrate.ts";

/** Second factors, and logins that wait for one. Times are milliseconds since 1970, UTC. */
export const twoFactor: Migration = {
  name: "0005-two-factor",

  async up(query: QueryInterface) {
    /** Whether the session was begun, or confirmed, with a second factor. */
    await query.addColumn("sessions", "second_factor", { type: DataTypes.INTEGER, allowNull: false, defaultValue: 0 });

    await query.createTable("two_factor", {
      user_id: { type: DataTypes.CHAR(36), primaryKey: true },
      /** Base32. Codes are computed from it, so that it cannot be hashed. */
      secret: { type: DataTypes.STRING(64), allowNull: false },
      /** Null until a first code has shown that the app has the secret. */
      confirmed_at: { type: DataTypes.BIGINT, allowNull: true },
      /** The time step of the last code that was used: neither it nor an earlier one works again. */
      last_step: { type: DataTypes.BIGINT, allowNull: false },
      /** Wrong codes since the last right one. */
      failures: { type: DataTypes.INTEGER, allowNull: false },
      blocked_until: { type: DataTypes.BIGINT, allowNull: false },
    });

    await query.createTable("recovery_codes", {
      /** SHA-256. */
      code_hash: { type: DataTypes.CHAR(64), primaryKey: true },
      user_id: { type: DataTypes.CHAR(36), allowNull: false },
    });
    await query.addIndex("recovery_codes", ["user_id"], { name: "recovery_codes_of_user" });

    await query.createTable("login_challenges", {
      /** SHA-256. */
      challenge_hash: { type: DataTypes.CHAR(64), primaryKey: true },
      user_id: { type: DataTypes.CHAR(36), allowNull: false },
      attempts: { type: DataTypes.INTEGER, allowNull: false },
      expires_at: { type: DataTypes.BIGINT, allowNull: false },
    });
    await query.addIndex("login_challenges", ["expires_at"], { name: "login_challenges_expiry" });
    await query.addIndex("login_challenges", ["user_id"], { name: "login_challenges_of_user" });
  },

  async down(query: QueryInterface) {
    for (const table of ["login_challenges", "recovery_codes", "two_factor"]) await query.dropTable(table);
    await query.sequelize.query("ALTER TABLE sessions DROP COLUMN second_factor");
  },
};
