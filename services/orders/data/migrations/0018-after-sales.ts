import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import type { Migration } from "../../../../mixins/database/migrate.ts";

/** Refunds of after-sales. A row is written once, and kept for ever: no after-sale is refunded twice. */
export const afterSales: Migration = {
  name: "0018-after-sales.expand",

  async up(query: QueryInterface) {
    await query.createTable("after_sale_refunds", {
      after_sale_id: { type: DataTypes.CHAR(36), primaryKey: true },
      order_id: { type: DataTypes.CHAR(36), allowNull: false },
      /** Who had the refund allowed; null when nobody needed to. */
      authorised_by: { type: DataTypes.STRING(80), allowNull: true },
      return_id: { type: DataTypes.CHAR(36), allowNull: true },
      refund_id: { type: DataTypes.CHAR(36), allowNull: true },
      /** Minor units; null until it is settled, as is the time (ms). */
      refund: { type: DataTypes.BIGINT, allowNull: true },
      settled_at: { type: DataTypes.BIGINT, allowNull: true },
    });
    await query.addIndex("after_sale_refunds", ["return_id"], {
      name: "after_sale_refunds_return",
      unique: true,
    });
    await query.addIndex("after_sale_refunds", ["refund_id"], {
      name: "after_sale_refunds_refund",
      unique: true,
    });
  },

  async down(query: QueryInterface) {
    await query.dropTable("after_sale_refunds");
  },
};
