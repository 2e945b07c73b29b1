import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import type { Migration } from "../../../../mixins/database/migrate.ts";
import { createInboxTable } from "../../../../mixins/events/inbox-table.ts";
import { createOutboxTable } from "../../../../mixins/events/outbox-table.ts";

/** Times are milliseconds since the Unix epoch. */
export const favouriteProducts: Migration = {
  name: "0001-favourites",

  async up(query: QueryInterface) {
    await query.createTable("favourites", {
      id: { type: DataTypes.CHAR(36), primaryKey: true },
      owner_id: { type: DataTypes.CHAR(36), allowNull: false },
      product_id: { type: DataTypes.CHAR(36), allowNull: false },
      note: { type: DataTypes.STRING(200), allowNull: true },
      version: { type: DataTypes.INTEGER, allowNull: false },
      created_at: { type: DataTypes.BIGINT, allowNull: false },
      updated_at: { type: DataTypes.BIGINT, allowNull: false },
    });
    await query.addIndex("favourites", ["owner_id", "product_id"], {
      name: "favourites_owner_id_product_id_unique",
      unique: true,
    });
    await query.addIndex("favourites", ["owner_id", "created_at", "id"], {
      name: "favourites_owner_id_created_at",
    });
    await query.addIndex("favourites", ["owner_id", "product_id", "created_at", "id"], {
      name: "favourites_owner_id_product_id_created_at",
    });
    await createOutboxTable(query);
    await createInboxTable(query);
  },

  async down(query: QueryInterface) {
    for (const table of ["inbox", "outbox", "favourites"]) await query.dropTable(table);
  },
};
