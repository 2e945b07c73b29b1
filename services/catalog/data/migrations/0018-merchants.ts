import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import { dropColumns } from "../../../../mixins/database/drop-columns.ts";
import type { Migration } from "../../../../mixins/database/migrate.ts";

/** Products of merchants; null for those of the shop itself. */
export const merchants: Migration = {
  name: "0018-merchants.expand",

  async up(query: QueryInterface) {
    await query.addColumn("products", "merchant_id", { type: DataTypes.CHAR(36), allowNull: true });
    await query.addIndex("products", ["merchant_id"], { name: "products_of_merchant" });
  },

  async down(query: QueryInterface) {
    await query.removeIndex("products", "products_of_merchant");
    await dropColumns(query, "products", ["merchant_id"]);
  },
};
