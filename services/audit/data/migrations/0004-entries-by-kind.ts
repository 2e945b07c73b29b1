import type { QueryInterface } from "sequelize";
import type { Migration } from "../../../../mixins/database/migrate.ts";

/** Reads the entries of one subject type newest first, without a sort. */
export const entriesByKind: Migration = {
  name: "0004-entries-by-kind",

  async up(query: QueryInterface) {
    await query.addIndex("audit_events", ["entity", "occurred_at", "id"], { name: "audit_by_kind" });
  },

  async down(query: QueryInterface) {
    await query.removeIndex("audit_events", "audit_by_kind");
  },
};
