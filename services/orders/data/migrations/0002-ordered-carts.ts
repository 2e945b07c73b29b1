import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import type { Migration } from "../../../../mixins/database/migrate.ts";

/** Cart states that became orders: one state, one order, under any number of keys. */
export const orderedCarts: Migration = {
  name: "0002-ordered-carts",

  async up(query: QueryInterface) {
    await query.createTable("ordered_carts", {
      cart_id: { type: DataTypes.CHAR(36), primaryKey: true },
      cart_version: { type: DataTypes.INTEGER, primaryKey: true },
      order_id: { type: DataTypes.CHAR(36), allowNull: false },
    });
  },

  async down(query: QueryInterface) {
    await query.dropTable("ordered_carts");
  },
};
