import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import { dropColumns } from "../../../../mixins/database/drop-columns.ts";
import type { Migration } from "../../../../mixins/database/migrate.ts";

const id = { type: DataTypes.CHAR(36), allowNull: false };
const count = { type: DataTypes.INTEGER, allowNull: false, defaultValue: 0 };

/** Coupons that customers claim before they use them. */
export const couponClaims: Migration = {
  name: "0022-coupon-claims.expand",

  async up(query: QueryInterface) {
    /** 1: only customers who have claimed it can use it. */
    await query.addColumn("coupons", "claimable", count);
    await query.addColumn("coupons", "claim_limit", { type: DataTypes.INTEGER, allowNull: true });
    /** Number of claims; at most `claim_limit`. */
    await query.addColumn("coupons", "claims", count);
    await query.addIndex("coupons", ["claimable", "created_at", "id"], { name: "coupons_claimable" });

    await query.createTable("coupon_claims", {
      claim_id: { ...id, primaryKey: true },
      coupon_id: id,
      customer_id: id,
      claimed_at: { type: DataTypes.BIGINT, allowNull: false },
    });
    await query.addIndex("coupon_claims", ["coupon_id", "customer_id"], {
      name: "coupon_claims_once",
      unique: true,
    });
    await query.addIndex("coupon_claims", ["customer_id", "claimed_at", "claim_id"], {
      name: "coupon_claims_of_customer",
    });
  },

  async down(query: QueryInterface) {
    await query.dropTable("coupon_claims");
    await query.removeIndex("coupons", "coupons_claimable");
    await dropColumns(query, "coupons", ["claims", "claim_limit", "claimable"]);
  },
};
