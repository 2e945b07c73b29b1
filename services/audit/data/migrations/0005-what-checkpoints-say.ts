import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import type { Migration } from "../../../../mixins/database/migrate.ts";

const moment = { type: DataTypes.BIGINT, allowNull: false } as const;
const sealedEnd = {
  position: { type: DataTypes.BIGINT, allowNull: false, primaryKey: true },
  hash: { type: DataTypes.CHAR(64), allowNull: false },
  seal: { type: DataTypes.CHAR(64), allowNull: false },
} as const;

/** A checkpoint says what was removed, and its seal covers it. Nothing made any before, so the table is made anew. */
export const whatCheckpointsSay: Migration = {
  name: "0005-what-checkpoints-say",

  async up(query: QueryInterface) {
    await query.dropTable("audit_checkpoints");
    await query.createTable("audit_checkpoints", {
      ...sealedEnd,
      /** From this position to the other one, both included. */
      removed_from: moment,
      /** When what they told of happened. */
      oldest: moment,
      newest: moment,
      created_at: moment,
    });
    await query.addIndex("audit_checkpoints", ["newest"], { name: "audit_checkpoints_newest" });
  },

  /** Only of a trail of which nothing was removed: without its checkpoints no other one is in order. */
  async down(query: QueryInterface) {
    const [rows] = await query.sequelize.query("SELECT position FROM audit_checkpoints LIMIT 1");
    if (rows.length > 0) throw new Error("entries were removed from the audit trail, which its checkpoints must vouch for");
    await query.dropTable("audit_checkpoints");
    await query.createTable("audit_checkpoints", { ...sealedEnd, created_at: moment });
  },
};
