import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import { dropColumns } from "../../../../mixins/database/drop-columns.ts";
import type { Migration } from "../../../../mixins/database/migrate.ts";

/** Times are milliseconds since the Unix epoch; amounts are minor units. */
export const coupons: Migration = {
  name: "0003-coupons",

  async up(query: QueryInterface) {
    await query.createTable("coupons", {
      id: { type: DataTypes.CHAR(36), primaryKey: true },
      /** In capitals. */
      code: { type: DataTypes.STRING(40), allowNull: false, unique: true },
      description: { type: DataTypes.STRING(200), allowNull: true },
      /** `percent` or `fixed`. */
      discount_kind: { type: DataTypes.STRING(10), allowNull: false },
      /** Hundredths of a percent, or minor units. */
      discount_value: { type: DataTypes.BIGINT, allowNull: false },
      minimum_subtotal: { type: DataTypes.BIGINT, allowNull: false },
      valid_from: { type: DataTypes.BIGINT, allowNull: true },
      valid_until: { type: DataTypes.BIGINT, allowNull: true },
      total_limit: { type: DataTypes.INTEGER, allowNull: true },
      per_customer_limit: { type: DataTypes.INTEGER, allowNull: true },
      active: { type: DataTypes.INTEGER, allowNull: false },
      /** Number of redemptions not given back; at most `total_limit`. */
      uses: { type: DataTypes.INTEGER, allowNull: false },
      version: { type: DataTypes.INTEGER, allowNull: false },
      created_at: { type: DataTypes.BIGINT, allowNull: false },
      updated_at: { type: DataTypes.BIGINT, allowNull: false },
    });
    await query.addIndex("coupons", ["created_at", "id"], { name: "coupons_created" });

    /** Number of orders per customer and coupon. */
    await query.createTable("coupon_customers", {
      coupon_id: { type: DataTypes.CHAR(36), primaryKey: true },
      customer_id: { type: DataTypes.CHAR(36), primaryKey: true },
      uses: { type: DataTypes.INTEGER, allowNull: false },
    });

    /** Redemption of a coupon by an order; at most one per order. */
    await query.createTable("coupon_redemptions", {
      order_id: { type: DataTypes.CHAR(36), primaryKey: true },
      coupon_id: { type: DataTypes.CHAR(36), allowNull: false },
      customer_id: { type: DataTypes.CHAR(36), allowNull: false },
      redeemed_at: { type: DataTypes.BIGINT, allowNull: false },
      /** Null unless the order was cancelled or expired, which gives the use back. */
      given_back_at: { type: DataTypes.BIGINT, allowNull: true },
    });
    await query.addIndex("coupon_redemptions", ["coupon_id", "customer_id"], {
      name: "coupon_redemptions_of_coupon",
    });

    /** Code of the coupon that yielded the discount. */
    await query.addColumn("orders", "coupon_code", { type: DataTypes.STRING(40), allowNull: true });
    /** The line's share of the order's discount. */
    await query.addColumn("order_lines", "discount", {
      type: DataTypes.BIGINT,
      allowNull: false,
      defaultValue: 0,
    });
  },

  async down(query: QueryInterface) {
    await dropColumns(query, "order_lines", ["discount"]);
    await dropColumns(query, "orders", ["coupon_code"]);
    for (const table of ["coupon_redemptions", "coupon_customers", "coupons"]) await query.dropTable(table);
  },
};
