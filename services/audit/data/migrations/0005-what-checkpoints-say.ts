import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import type { Migration } from "../../../../mixins/database/migrate.ts";

const moment = { type: DataTypes.BIGINT, allowNull: false } as const;
const sealedEnd = {
  position: { type: DataTypes.BIGINT, allowNull: false, primaryKey: true },
  hash: { type: DataTypes.CHAR(64), allowNull: false },
  seal: { type: DataTypes.CHAR(64), allowNull: false },
} as const;

/**
 * A checkpoint records what was removed, covered by its seal. No earlier version made any, so the table is
 * recreated.
 */
export const whatCheckpointsSay: Migration = {
  name: "0005-what-checkpoints-say",

  async up(query: QueryInterface) {
    await query.dropTable("audit_checkpoints");
    await query.createTable("audit_checkpoints", {
      ...sealedEnd,
      /** The removed range, both ends included. */
      removed_from: moment,
      /** Time range of the removed events. */
      oldest: moment,
      newest: moment,
      created_at: moment,
    });
    await query.addIndex("audit_checkpoints", ["newest"], { name: "audit_checkpoints_newest" });
  },

  /** Possible only while nothing was removed: the checkpoints vouch for removed entries. */
  async down(query: QueryInterface) {
    const [rows] = await query.sequelize.query("SELECT position FROM audit_checkpoints LIMIT 1");
    if (rows.length > 0) throw new Error("cannot revert: removed audit entries need their checkpoints");
    await query.dropTable("audit_checkpoints");
    await query.createTable("audit_checkpoints", { ...sealedEnd, created_at: moment });
  },
};
