import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import { dropColumns } from "../../../../mixins/database/drop-columns.ts";
import type { Migration } from "../../../../mixins/database/migrate.ts";

/** The goods that a coupon discounts. */
export const couponScopes: Migration = {
  name: "0020-coupon-scopes.expand",

  async up(query: QueryInterface) {
    /** `products`, `categories`, `brands` or `merchants`; null for all goods. */
    await query.addColumn("coupons", "scope_kind", { type: DataTypes.STRING(10), allowNull: true });
    /** JSON array; null for all goods. */
    await query.addColumn("coupons", "scope_ids", { type: DataTypes.TEXT, allowNull: true });
  },

  async down(query: QueryInterface) {
    await dropColumns(query, "coupons", ["scope_ids", "scope_kind"]);
  },
};
