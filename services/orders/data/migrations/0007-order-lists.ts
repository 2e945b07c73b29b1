import type { QueryInterface } from "sequelize";
import type { Migration } from "../../../../mixins/database/migrate.ts";

/** Indexes for staff: search by product, and sort a status by total. */
export const orderLists: Migration = {
  name: "0007-order-lists",

  async up(query: QueryInterface) {
    await query.addIndex("order_lines", ["product_id", "order_id"], { name: "order_lines_of_product" });
    await query.addIndex("order_lines", ["sku", "order_id"], { name: "order_lines_of_sku" });
    await query.addIndex("orders", ["status", "total", "id"], { name: "orders_status_total" });
  },

  async down(query: QueryInterface) {
    await query.removeIndex("orders", "orders_status_total");
    await query.removeIndex("order_lines", "order_lines_of_sku");
    await query.removeIndex("order_lines", "order_lines_of_product");
  },
};
