import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import { dropColumns } from "../../../../mixins/database/drop-columns.ts";
import type { Migration } from "../../../../mixins/database/migrate.ts";

const counter = { type: DataTypes.INTEGER, allowNull: false, defaultValue: 0 };
const id = { type: DataTypes.CHAR(36), allowNull: false };
const momentOrNull = { type: DataTypes.BIGINT, allowNull: true };

/** Receipt by the customer, what delays it, and what of it is to be reviewed. */
export const receipts: Migration = {
  name: "0015-receipts.expand",

  async up(query: QueryInterface) {
    /** Receipt of the last part. */
    await query.addColumn("orders", "received_at", momentOrNull);
    /** Open after-sales: holds that are not released. */
    await query.addColumn("orders", "after_sales", counter);
    /** Received lines without a review, where the shop has reviews. */
    await query.addColumn("orders", "to_review", counter);
    await query.addColumn("order_lines", "reviewed", counter);
    await query.addIndex("orders", ["customer_id", "status", "after_sales", "received_at", "to_review"], {
      name: "orders_of_customer_state",
    });
    await query.removeIndex("orders", "orders_of_customer_status");

    /** After-sales that delay the receipt of a part, or of a whole order. */
    await query.createTable("receipt_holds", {
      /** The after-sale's. */
      id: { ...id, primaryKey: true },
      order_id: id,
      /** Null for the whole order. */
      part_id: { type: DataTypes.CHAR(36), allowNull: true },
      held_at: { type: DataTypes.BIGINT, allowNull: false },
      released_at: momentOrNull,
    });
    await query.addIndex("receipt_holds", ["order_id"], { name: "receipt_holds_of_order" });
  },

  async down(query: QueryInterface) {
    await query.dropTable("receipt_holds");
    await query.addIndex("orders", ["customer_id", "status"], { name: "orders_of_customer_status" });
    await query.removeIndex("orders", "orders_of_customer_state");
    await dropColumns(query, "order_lines", ["reviewed"]);
    await dropColumns(query, "orders", ["to_review", "after_sales", "received_at"]);
  },
};
