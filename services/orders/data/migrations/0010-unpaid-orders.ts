import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import { dropColumns } from "../../../../mixins/database/drop-columns.ts";
import type { Migration } from "../../../../mixins/database/migrate.ts";

/** Indexes to count unpaid orders by customer and by client address. */
export const unpaidOrders: Migration = {
  name: "0010-unpaid-orders",

  async up(query: QueryInterface) {
    await query.addColumn("checkouts", "client", { type: DataTypes.STRING(64), allowNull: true });
    await query.addIndex("checkouts", ["client", "claimed_at"], { name: "checkouts_of_client" });
    await query.addIndex("checkouts", ["customer_id", "state"], { name: "checkouts_of_customer" });
    await query.addIndex("orders", ["customer_id", "status"], { name: "orders_of_customer_status" });
  },

  async down(query: QueryInterface) {
    await query.removeIndex("orders", "orders_of_customer_status");
    await query.removeIndex("checkouts", "checkouts_of_customer");
    await query.removeIndex("checkouts", "checkouts_of_client");
    await dropColumns(query, "checkouts", ["client"]);
  },
};
