import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import type { Migration } from "../../../../mixins/database/migrate.ts";

/** Times are milliseconds since 1970, UTC; amounts are minor units. */
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
      /** Of the coupon's redemptions those that were not given back; never more than `total_limit`. */
      uses: { type: DataTypes.INTEGER, allowNull: false },
      version: { type: DataTypes.INTEGER, allowNull: false },
      created_at: { type: DataTypes.BIGINT, allowNull: false },
      updated_at: { type: DataTypes.BIGINT, allowNull: false },
    });
    await query.addIndex("coupons", ["created_at", "id"], { name: "coupons_created" });

    /** How many of a customer's orders use a coupon. */
    await query.createTable("coupon_customers", {
      coupon_id: { type: DataTypes.CHAR(36), primaryKey: true },
      customer_id: { type: DataTypes.CHAR(36), primaryKey: true },
      uses: { type: DataTypes.INTEGER, allowNull: false },
    });

    /** That an order used a coupon: one order, one coupon at most. */
    await query.createTable("coupon_redemptions", {
      order_id: { type: DataTypes.CHAR(36), primaryKey: true },
      coupon_id: { type: DataTypes.CHAR(36), allowNull: false },
      customer_id: { type: DataTypes.CHAR(36), allowNull: false },
      redeemed_at: { type: DataTypes.BIGINT, allowNull: false },
      /** Null unless the order was cancelled or expired, which gave the use back. */
      given_back_at: { type: DataTypes.BIGINT, allowNull: true },
    });
    await query.addIndex("coupon_redemptions", ["coupon_id", "customer_id"], { name: "coupon_redemptions_of_coupon" });

    /** The code of the coupon to which the order owes its discount. */
    await query.addColumn("orders", "coupon_code", { type: DataTypes.STRING(40), allowNull: true });
    /** The line's share of the order's discount. */
    await query.addColumn("order_lines", "discount", { type: DataTypes.BIGINT, allowNull: false, defaultValue: 0 });
  },

  async down(query: QueryInterface) {
    // Sequelize's own way would make a SQLite table anew, without its indexes.
    await query.sequelize.query("ALTER TABLE order_lines DROP COLUMN discount");
    await query.sequelize.query("ALTER TABLE orders DROP COLUMN coupon_code");
    for (const table of ["coupon_redemptions", "coupon_customers", "coupons"]) await query.dropTable(table);
  },
};
