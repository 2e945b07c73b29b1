import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import { dropColumns } from "../../../../mixins/database/drop-columns.ts";
import type { Migration } from "../../../../mixins/database/migrate.ts";

/** Coupons of merchants, who bear their discounts. */
export const merchantsCoupons: Migration = {
  name: "0021-merchants-coupons.expand",

  async up(query: QueryInterface) {
    /** Null for the mall's. */
    await query.addColumn("coupons", "merchant_id", { type: DataTypes.CHAR(36), allowNull: true });
    await query.addIndex("coupons", ["merchant_id", "created_at", "id"], { name: "coupons_of_merchant" });
    /** The merchant of the order's coupon. */
    await query.addColumn("orders", "coupon_merchant_id", { type: DataTypes.CHAR(36), allowNull: true });
  },

  async down(query: QueryInterface) {
    await query.removeIndex("coupons", "coupons_of_merchant");
    await dropColumns(query, "orders", ["coupon_merchant_id"]);
    await dropColumns(query, "coupons", ["merchant_id"]);
  },
};
