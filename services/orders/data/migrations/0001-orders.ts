import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import { mediumText } from "../../../../mixins/database/column-types.ts";
import type { Migration } from "../../../../mixins/database/migrate.ts";
import { createOutboxTable } from "../../../../mixins/events/outbox-table.ts";

/** Times are milliseconds since the Unix epoch; amounts are minor units. */
export const orders: Migration = {
  name: "0001-orders",

  async up(query: QueryInterface) {
    await query.createTable("checkouts", {
      order_id: { type: DataTypes.CHAR(36), primaryKey: true },
      /** `-` for a checkout that was unknown here when it was given up. */
      customer_id: { type: DataTypes.CHAR(36), allowNull: false },
      /** Binary: `A` and `a` are two keys. */
      idempotency_key: { type: DataTypes.STRING(255, true), allowNull: false },
      fingerprint: { type: DataTypes.CHAR(64), allowNull: false },
      /** `open`, `placed` or `abandoned`. */
      state: { type: DataTypes.STRING(10), allowNull: false },
      claim_until: { type: DataTypes.BIGINT, allowNull: false },
      claimed_at: { type: DataTypes.BIGINT, allowNull: false },
      /** The response as JSON, byte by byte; null until the order is placed. */
      response: { type: mediumText, allowNull: true },
    });
    await query.addIndex("checkouts", ["customer_id", "idempotency_key"], {
      name: "checkouts_key",
      unique: true,
    });
    await query.addIndex("checkouts", ["claimed_at"], { name: "checkouts_claimed" });

    await query.createTable("orders", {
      id: { type: DataTypes.CHAR(36), primaryKey: true },
      number: { type: DataTypes.CHAR(9), allowNull: false, unique: true },
      customer_id: { type: DataTypes.CHAR(36), allowNull: false },
      status: { type: DataTypes.STRING(10), allowNull: false },
      currency: { type: DataTypes.CHAR(3), allowNull: false },
      subtotal: { type: DataTypes.BIGINT, allowNull: false },
      discount: { type: DataTypes.BIGINT, allowNull: false },
      shipping: { type: DataTypes.BIGINT, allowNull: false },
      tax: { type: DataTypes.BIGINT, allowNull: false },
      total: { type: DataTypes.BIGINT, allowNull: false },
      refunded: { type: DataTypes.BIGINT, allowNull: false },
      /** Null unless the order awaits payment. */
      pay_before: { type: DataTypes.BIGINT, allowNull: true },
      /** JSON of the contract's `Address`. */
      address: { type: DataTypes.TEXT, allowNull: false },
      note: { type: DataTypes.STRING(500), allowNull: true },
      cart_id: { type: DataTypes.CHAR(36), allowNull: false },
      version: { type: DataTypes.INTEGER, allowNull: false },
      placed_at: { type: DataTypes.BIGINT, allowNull: false },
      updated_at: { type: DataTypes.BIGINT, allowNull: false },
    });
    await query.addIndex("orders", ["customer_id", "placed_at", "id"], { name: "orders_of_customer" });
    await query.addIndex("orders", ["customer_id", "total", "id"], { name: "orders_of_customer_total" });
    await query.addIndex("orders", ["status", "placed_at", "id"], { name: "orders_status" });
    await query.addIndex("orders", ["placed_at", "id"], { name: "orders_placed" });
    await query.addIndex("orders", ["total", "id"], { name: "orders_total" });
    await query.addIndex("orders", ["status", "pay_before"], { name: "orders_unpaid" });

    await query.createTable("order_lines", {
      id: { type: DataTypes.CHAR(36), primaryKey: true },
      order_id: { type: DataTypes.CHAR(36), allowNull: false },
      /** From 0 in the order of the cart. */
      line_no: { type: DataTypes.INTEGER, allowNull: false },
      variant_id: { type: DataTypes.CHAR(36), allowNull: false },
      product_id: { type: DataTypes.CHAR(36), allowNull: false },
      sku: { type: DataTypes.STRING(64), allowNull: false },
      name: { type: DataTypes.STRING(200), allowNull: false },
      /** JSON object. */
      options: { type: DataTypes.TEXT, allowNull: false },
      quantity: { type: DataTypes.INTEGER, allowNull: false },
      returned_quantity: { type: DataTypes.INTEGER, allowNull: false },
      unit_price: { type: DataTypes.BIGINT, allowNull: false },
    });
    await query.addIndex("order_lines", ["order_id", "line_no"], {
      name: "order_lines_of_order",
      unique: true,
    });

    await query.createTable("payments", {
      id: { type: DataTypes.CHAR(36), primaryKey: true },
      order_id: { type: DataTypes.CHAR(36), allowNull: false },
      provider: { type: DataTypes.STRING(20), allowNull: false },
      reference: { type: DataTypes.STRING(100), allowNull: true },
      amount: { type: DataTypes.BIGINT, allowNull: false },
      currency: { type: DataTypes.CHAR(3), allowNull: false },
      paid_at: { type: DataTypes.BIGINT, allowNull: false },
    });
    await query.addIndex("payments", ["order_id", "id"], { name: "payments_of_order" });

    await query.createTable("returns", {
      id: { type: DataTypes.CHAR(36), primaryKey: true },
      order_id: { type: DataTypes.CHAR(36), allowNull: false },
      refund: { type: DataTypes.BIGINT, allowNull: false },
      currency: { type: DataTypes.CHAR(3), allowNull: false },
      /** `restocked` or `discarded`. */
      disposition: { type: DataTypes.STRING(10), allowNull: false },
      reason: { type: DataTypes.STRING(200), allowNull: false },
      returned_at: { type: DataTypes.BIGINT, allowNull: false },
    });
    await query.addIndex("returns", ["order_id", "id"], { name: "returns_of_order" });

    await query.createTable("return_lines", {
      return_id: { type: DataTypes.CHAR(36), primaryKey: true },
      order_line_id: { type: DataTypes.CHAR(36), primaryKey: true },
      line_no: { type: DataTypes.INTEGER, allowNull: false },
      quantity: { type: DataTypes.INTEGER, allowNull: false },
    });

    await query.createTable("timeline", {
      id: { type: DataTypes.CHAR(36), primaryKey: true },
      order_id: { type: DataTypes.CHAR(36), allowNull: false },
      /** Version of the order that this step created; orders the steps. */
      order_version: { type: DataTypes.INTEGER, allowNull: false },
      event: { type: DataTypes.STRING(10), allowNull: false },
      actor: { type: DataTypes.STRING(200), allowNull: false },
      reason: { type: DataTypes.STRING(200), allowNull: true },
      happened_at: { type: DataTypes.BIGINT, allowNull: false },
    });
    await query.addIndex("timeline", ["order_id", "order_version"], {
      name: "timeline_of_order",
      unique: true,
    });

    await query.createTable("idempotency_keys", {
      id: { type: DataTypes.CHAR(36), primaryKey: true },
      /** Action and caller: keys of different callers or actions are distinct. */
      scope: { type: DataTypes.STRING(255, true), allowNull: false },
      idempotency_key: { type: DataTypes.STRING(255, true), allowNull: false },
      fingerprint: { type: DataTypes.CHAR(64), allowNull: false },
      /** The response as JSON; null only within the transaction that creates it. */
      response: { type: mediumText, allowNull: true },
      created_at: { type: DataTypes.BIGINT, allowNull: false },
    });
    await query.addIndex("idempotency_keys", ["scope", "idempotency_key"], {
      name: "idempotency_key",
      unique: true,
    });
    await query.addIndex("idempotency_keys", ["created_at"], { name: "idempotency_keys_created" });

    await createOutboxTable(query);
  },

  async down(query: QueryInterface) {
    for (const table of [
      "outbox",
      "idempotency_keys",
      "timeline",
      "return_lines",
      "returns",
      "payments",
      "order_lines",
      "orders",
      "checkouts",
    ])
      await query.dropTable(table);
  },
};
