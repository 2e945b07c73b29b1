import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import type { Migration } from "../../../../mixins/database/migrate.ts";
import { createInboxTable } from "../../../../mixins/events/inbox-table.ts";

/** Deleted accounts, and the inbox that learns of them. */
export const deletedCustomers: Migration = {
  name: "0008-deleted-customers",

  async up(query: QueryInterface) {
    await createInboxTable(query);
    await query.createTable("deleted_customers", {
      customer_id: { type: DataTypes.CHAR(36), primaryKey: true },
      deleted_at: { type: DataTypes.BIGINT, allowNull: false },
    });
  },

  async down(query: QueryInterface) {
    await query.dropTable("deleted_customers");
    await query.dropTable("inbox");
  },
};
