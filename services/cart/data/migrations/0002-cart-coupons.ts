import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import type { Migration } from "../../../../mixins/database/migrate.ts";

/** The coupon that the customer wants to use. */
export const cartCoupons: Migration = {
  name: "0002-cart-coupons",

  async up(query: QueryInterface) {
    await query.addColumn("carts", "coupon_code", { type: DataTypes.STRING(40), allowNull: true });
  },

  async down(query: QueryInterface) {
    // Sequelize's own way would make a SQLite table anew, without its indexes.
    await query.sequelize.query("ALTER TABLE carts DROP COLUMN coupon_code");
  },
};
