import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import type { Migration } from "../../../../mixins/database/migrate.ts";
import { createInboxTable } from "../../../../mixins/events/inbox-table.ts";

/** Times are milliseconds since the Unix epoch. */
export const views: Migration = {
  name: "0001-browsing-history",

  async up(query: QueryInterface) {
    await query.createTable("browsing_history", {
      id: { type: DataTypes.CHAR(36), primaryKey: true },
      owner_id: { type: DataTypes.CHAR(36), allowNull: false },
      product_id: { type: DataTypes.CHAR(36), allowNull: false },
      version: { type: DataTypes.INTEGER, allowNull: false },
      created_at: { type: DataTypes.BIGINT, allowNull: false },
      updated_at: { type: DataTypes.BIGINT, allowNull: false },
    });
    await query.addIndex("browsing_history", ["owner_id", "product_id"], {
      name: "browsing_history_owner_id_product_id_unique",
      unique: true,
    });
    await query.addIndex("browsing_history", ["owner_id", "updated_at", "id"], {
      name: "browsing_history_owner_id_updated_at",
    });
    await createInboxTable(query);
  },

  async down(query: QueryInterface) {
    await query.dropTable("inbox");
    await query.dropTable("browsing_history");
  },
};
