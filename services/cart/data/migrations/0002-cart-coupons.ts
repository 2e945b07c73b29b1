import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import { dropColumns } from "../../../../mixins/database/drop-columns.ts";
import type { Migration } from "../../../../mixins/database/migrate.ts";

/** The coupon applied to the cart. */
export const cartCoupons: Migration = {
  name: "0002-cart-coupons",

  async up(query: QueryInterface) {
    await query.addColumn("carts", "coupon_code", { type: DataTypes.STRING(40), allowNull: true });
  },

  async down(query: QueryInterface) {
    await dropColumns(query, "carts", ["coupon_code"]);
  },
};
