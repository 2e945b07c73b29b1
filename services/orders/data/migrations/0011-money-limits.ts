import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import { mediumText } from "../../../../mixins/database/column-types.ts";
import type { Migration } from "../../../../mixins/database/migrate.ts";

/** Money moved per day by each staff member and key, and requests that need approval. */
export const moneyLimits: Migration = {
  name: "0011-money-limits",

  async up(query: QueryInterface) {
    await query.createTable("money_days", {
      /** `user:<id>` or `key:<id>`. */
      actor: { type: DataTypes.STRING(60), primaryKey: true },
      /** Days since the Unix epoch, UTC. */
      day: { type: DataTypes.INTEGER, primaryKey: true },
      /** Minor units of the shop's currency. */
      amount: { type: DataTypes.BIGINT, allowNull: false },
    });
    await query.addIndex("money_days", ["day"], { name: "money_days_day" });

    await query.createTable("approvals", {
      id: { type: DataTypes.CHAR(36), primaryKey: true },
      action: { type: DataTypes.STRING(60), allowNull: false },
      actor: { type: DataTypes.STRING(60), allowNull: false },
      fingerprint: { type: DataTypes.CHAR(64), allowNull: false },
      /** JSON of the params. */
      request: { type: mediumText, allowNull: false },
      /** Minor units; null when unknown beforehand. */
      amount: { type: DataTypes.BIGINT, allowNull: true },
      status: { type: DataTypes.STRING(10), allowNull: false },
      approved_by: { type: DataTypes.STRING(60), allowNull: true },
      requested_at: { type: DataTypes.BIGINT, allowNull: false },
      approved_at: { type: DataTypes.BIGINT, allowNull: true },
      /** 0 while unused: each request has at most one such row. */
      used_at: { type: DataTypes.BIGINT, allowNull: false },
    });
    const request = ["actor", "action", "fingerprint", "used_at"];
    await query.addIndex("approvals", request, { name: "approvals_request", unique: true });
    await query.addIndex("approvals", ["requested_at", "id"], { name: "approvals_requested" });
    await query.addIndex("approvals", ["status", "requested_at", "id"], { name: "approvals_status" });
  },

  async down(query: QueryInterface) {
    await query.dropTable("approvals");
    await query.dropTable("money_days");
  },
};
