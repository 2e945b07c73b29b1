import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import { dropColumns } from "../../../../mixins/database/drop-columns.ts";
import type { Migration } from "../../../../mixins/database/migrate.ts";

/** See `FulfilmentCounts`: returned goods never shipped, and packed, shipped and delivered goods. */
const counters = ["withdrawn_quantity", "packed_quantity", "shipped_quantity", "delivered_quantity"] as const;

/** Goods are shipped in parcels. Existing orders count as unshipped, and so do their returns. */
export const shipments: Migration = {
  name: "0005-shipments",

  async up(query: QueryInterface) {
    for (const counter of counters)
      await query.addColumn("order_lines", counter, {
        type: DataTypes.INTEGER,
        allowNull: false,
        defaultValue: 0,
      });
    await query.sequelize.query(
      "UPDATE order_lines SET withdrawn_quantity = returned_quantity WHERE returned_quantity > 0",
    );

    await query.createTable("shipments", {
      id: { type: DataTypes.CHAR(36), primaryKey: true },
      order_id: { type: DataTypes.CHAR(36), allowNull: false },
      /** `packed`, `shipped`, `delivered` or `cancelled`. */
      status: { type: DataTypes.STRING(10), allowNull: false },
      carrier: { type: DataTypes.STRING(60), allowNull: true },
      tracking_number: { type: DataTypes.STRING(100), allowNull: true },
      version: { type: DataTypes.INTEGER, allowNull: false },
      packed_at: { type: DataTypes.BIGINT, allowNull: false },
      shipped_at: { type: DataTypes.BIGINT, allowNull: true },
      delivered_at: { type: DataTypes.BIGINT, allowNull: true },
      updated_at: { type: DataTypes.BIGINT, allowNull: false },
    });
    await query.addIndex("shipments", ["order_id", "id"], { name: "shipments_of_order" });

    await query.createTable("shipment_lines", {
      shipment_id: { type: DataTypes.CHAR(36), primaryKey: true },
      order_line_id: { type: DataTypes.CHAR(36), primaryKey: true },
      line_no: { type: DataTypes.INTEGER, allowNull: false },
      quantity: { type: DataTypes.INTEGER, allowNull: false },
    });
  },

  async down(query: QueryInterface) {
    await query.dropTable("shipment_lines");
    await query.dropTable("shipments");
    // By statement: for SQLite, Sequelize would copy the table and lose its indexes.
    await dropColumns(query, "order_lines", counters);
  },
};
