import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import { dropColumns } from "../../../../mixins/database/drop-columns.ts";
import type { Migration } from "../../../../mixins/database/migrate.ts";

const id = { type: DataTypes.CHAR(36), allowNull: false };
const amount = { type: DataTypes.BIGINT, allowNull: false };
const moment = { type: DataTypes.BIGINT, allowNull: false };
const momentOrNull = { type: DataTypes.BIGINT, allowNull: true };

/** Parts of orders by merchant. Existing orders are one part, of the shop itself, with the order's id. */
export const orderParts: Migration = {
  name: "0014-order-parts.expand",

  async up(query: QueryInterface) {
    await query.addColumn("order_lines", "merchant_id", { type: DataTypes.CHAR(36), allowNull: true });
    /** Null on lines of earlier versions. */
    await query.addColumn("order_lines", "part_id", { type: DataTypes.CHAR(36), allowNull: true });
    await query.addColumn("order_lines", "shipping", { ...amount, defaultValue: 0 });

    await markEarlierVersions(query);
    await query.createTable("order_parts", {
      id: { ...id, primaryKey: true },
      order_id: id,
      /** Null for the shop itself. */
      merchant_id: { type: DataTypes.CHAR(36), allowNull: true },
      /** As of orders; those unpaid have no rows. */
      status: { type: DataTypes.STRING(10), allowNull: false },
      subtotal: amount,
      discount: amount,
      shipping: amount,
      tax: amount,
      total: amount,
      refunded: amount,
      placed_at: moment,
      receivable_since: momentOrNull,
      received_at: momentOrNull,
    });
    await query.addIndex("order_parts", ["order_id"], { name: "order_parts_of_order" });
    await query.addIndex("order_parts", ["merchant_id", "placed_at", "id"], {
      name: "order_parts_of_merchant",
    });
    await query.addIndex("order_parts", ["merchant_id", "status", "placed_at", "id"], {
      name: "order_parts_of_merchant_status",
    });
    await query.addIndex("order_parts", ["status", "placed_at", "id"], { name: "order_parts_status" });
    await query.addIndex("order_parts", ["placed_at", "id"], { name: "order_parts_placed" });
    await query.addIndex("order_parts", ["receivable_since", "id"], { name: "order_parts_receivable" });

    /** How refunds are shared by parts. */
    await query.createTable("refund_parts", {
      refund_id: { ...id, primaryKey: true },
      part_id: { ...id, primaryKey: true },
      amount,
    });
    await query.addIndex("refund_parts", ["part_id"], { name: "refund_parts_of_part" });

    await query.sequelize.query(
      `INSERT INTO order_parts (id, order_id, merchant_id, status, subtotal, discount, shipping, tax, total, refunded,
         placed_at, receivable_since, received_at)
       SELECT id, id, NULL, status, subtotal, discount, shipping, tax, total, refunded, placed_at,
         CASE WHEN status IN ('shipped', 'delivered') THEN updated_at END, NULL
       FROM orders WHERE status NOT IN ('placed', 'expired') AND (status <> 'cancelled' OR refunded > 0)`,
    );
    await query.sequelize.query(
      `INSERT INTO refund_parts (refund_id, part_id, amount)
       SELECT id, order_id, amount FROM refunds WHERE cause <> 'late-payment'`,
    );
  },

  async down(query: QueryInterface) {
    await query.dropTable("refund_parts");
    await query.dropTable("order_parts");
    await query.removeIndex("timeline", "timeline_parts_due");
    await dropColumns(query, "timeline", ["parts_due"]);
    await dropColumns(query, "order_lines", ["shipping", "part_id", "merchant_id"]);
  },
};

/**
 * Steps of nodes of an earlier version, which do not fill the column, get 1: the job `complete-parts` completes
 * the parts of their orders.
 */
async function markEarlierVersions(query: QueryInterface): Promise<void> {
  const isSqlite = query.sequelize.getDialect() === "sqlite";
  await query.addColumn("timeline", "parts_due", {
    type: DataTypes.INTEGER,
    allowNull: false,
    defaultValue: isSqlite ? 1 : 0,
  });
  // Without rewriting the table, where the engine can.
  await query.sequelize.query(
    isSqlite
      ? "UPDATE timeline SET parts_due = 0"
      : "ALTER TABLE timeline ALTER COLUMN parts_due SET DEFAULT 1",
  );
  await query.addIndex("timeline", ["parts_due", "order_id"], { name: "timeline_parts_due" });
}
