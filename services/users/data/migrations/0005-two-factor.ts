import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import { dropColumns } from "../../../../mixins/database/drop-columns.ts";
import type { Migration } from "../../../../mixins/database/migrate.ts";

/** Second factors, and logins that await one. Times are milliseconds since the Unix epoch. */
export const twoFactor: Migration = {
  name: "0005-two-factor",

  async up(query: QueryInterface) {
    /** True when the session was started or re-authenticated with a second factor. */
    await query.addColumn("sessions", "second_factor", {
      type: DataTypes.INTEGER,
      allowNull: false,
      defaultValue: 0,
    });

    await query.createTable("two_factor", {
      user_id: { type: DataTypes.CHAR(36), primaryKey: true },
      /** Base32. Not hashed, since codes are computed from it. */
      secret: { type: DataTypes.STRING(64), allowNull: false },
      /** Null until a first code confirms the app's secret. */
      confirmed_at: { type: DataTypes.BIGINT, allowNull: true },
      /** Time step of the last used code; it and earlier ones are rejected. */
      last_step: { type: DataTypes.BIGINT, allowNull: false },
      /** Consecutive wrong codes. */
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
    await dropColumns(query, "sessions", ["second_factor"]);
  },
};
