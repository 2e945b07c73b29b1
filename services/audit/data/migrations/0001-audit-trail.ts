import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import { mediumText } from "../../../../mixins/database/column-types.ts";
import type { Migration } from "../../../../mixins/database/migrate.ts";
import { createInboxTable } from "../../../../mixins/events/inbox-table.ts";

/** Insert-only: the service's database user has no other right to change rows. */
export const auditTrail: Migration = {
  name: "0001-audit-trail",

  async up(query: QueryInterface) {
    await query.createTable("audit_events", {
      /** Id of the recorded durable event. */
      id: { type: DataTypes.CHAR(36), primaryKey: true },
      type: { type: DataTypes.STRING(60), allowNull: false },
      actor_kind: { type: DataTypes.STRING(10), allowNull: false },
      actor_id: { type: DataTypes.STRING(60), allowNull: true },
      entity: { type: DataTypes.STRING(20), allowNull: false },
      entity_id: { type: DataTypes.STRING(60), allowNull: true },
      /** The event's payload as JSON. */
      details: { type: mediumText, allowNull: false },
      request_id: { type: DataTypes.STRING(64), allowNull: false },
      occurred_at: { type: DataTypes.BIGINT, allowNull: false },
      recorded_at: { type: DataTypes.BIGINT, allowNull: false },
    });
    await query.addIndex("audit_events", ["occurred_at", "id"], { name: "audit_by_time" });
    await query.addIndex("audit_events", ["type", "occurred_at", "id"], { name: "audit_by_type" });
    await query.addIndex("audit_events", ["actor_id", "occurred_at", "id"], { name: "audit_by_actor" });
    await query.addIndex("audit_events", ["entity", "entity_id", "occurred_at", "id"], {
      name: "audit_by_entity",
    });

    await createInboxTable(query);
  },

  async down(query: QueryInterface) {
    await query.dropTable("inbox");
    await query.dropTable("audit_events");
  },
};
