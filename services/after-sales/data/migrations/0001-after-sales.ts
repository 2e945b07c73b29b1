import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import { mediumText } from "../../../../mixins/database/column-types.ts";
import type { Migration } from "../../../../mixins/database/migrate.ts";
import { createInboxTable } from "../../../../mixins/events/inbox-table.ts";
import { createOutboxTable } from "../../../../mixins/events/outbox-table.ts";
import { createImageTables, dropImageTables } from "../../../../mixins/media/images-table.ts";
import { createTaskTables, dropTaskTables } from "../../../../mixins/tasks/tasks-table.ts";

const id = { type: DataTypes.CHAR(36), allowNull: false };
const optionalId = { type: DataTypes.CHAR(36), allowNull: true };
const number = { type: DataTypes.INTEGER, allowNull: false };
/** Minor units, or milliseconds since 1970 (UTC). */
const large = { type: DataTypes.BIGINT, allowNull: false };
const optionalLarge = { type: DataTypes.BIGINT, allowNull: true };
const word = (length: number) => ({ type: DataTypes.STRING(length), allowNull: false });
const optionalWord = (length: number) => ({ type: DataTypes.STRING(length), allowNull: true });

export const afterSales: Migration = {
  name: "0001-after-sales",

  async up(query: QueryInterface) {
    await query.createTable("after_sales", {
      id: { type: DataTypes.CHAR(36), primaryKey: true },
      order_id: id,
      order_number: word(9),
      customer_id: id,
      merchant_id: optionalId,
      part_id: id,
      kind: word(20),
      goods: word(10),
      remedy: word(12),
      reason: word(20),
      text: { type: mediumText, allowNull: true },
      status: word(10),
      amount: large,
      currency: { type: DataTypes.CHAR(3), allowNull: false },
      refund: optionalLarge,
      restock: { type: DataTypes.TINYINT, allowNull: true },
      return_carrier: optionalWord(60),
      return_tracking: optionalWord(100),
      sent_back_at: optionalLarge,
      replacement_id: optionalId,
      replacement_carrier: optionalWord(60),
      replacement_tracking: optionalWord(100),
      /** Ready images (JSON). */
      images: { type: mediumText, allowNull: true },
      /** Timers; see `AfterSale`. */
      due_at: large,
      refund_at: large,
      hold_at: large,
      version: number,
      created_at: large,
      updated_at: large,
      /** Of the request; and its stored response. */
      idempotency_key: word(255),
      fingerprint: { type: DataTypes.CHAR(64), allowNull: false },
      response: { type: mediumText, allowNull: true },
    });
    const index = async (name: string, ...fields: string[]) =>
      query.addIndex("after_sales", fields, { name: `after_sales_${name}` });
    await query.addIndex("after_sales", ["customer_id", "idempotency_key"], {
      name: "after_sales_key",
      unique: true,
    });
    await index("created", "created_at", "id");
    await index("due", "due_at", "id");
    await index("refund_due", "refund_at", "id");
    await index("hold_due", "hold_at", "id");
    await index("status_created", "status", "created_at", "id");
    await index("status_due", "status", "due_at", "id");
    await index("kind", "kind", "created_at", "id");
    await index("of_order", "order_id", "created_at", "id");
    await index("of_customer", "customer_id", "created_at", "id");
    await index("of_customer_status", "customer_id", "status", "created_at", "id");
    await index("of_merchant", "merchant_id", "created_at", "id");
    await index("of_merchant_status", "merchant_id", "status", "created_at", "id");
    await index("of_merchant_due", "merchant_id", "due_at", "id");

    await query.createTable("after_sale_lines", {
      after_sale_id: { ...id, primaryKey: true },
      order_line_id: { ...id, primaryKey: true },
      line_no: number,
      variant_id: id,
      product_id: id,
      sku: word(64),
      name: { type: mediumText, allowNull: false },
      quantity: number,
      worth: large,
    });
    await query.addIndex("after_sale_lines", ["order_line_id"], { name: "after_sale_lines_of_line" });

    /** What of an order line after-sales claim; the row is contested. */
    await query.createTable("claims", {
      order_line_id: { type: DataTypes.CHAR(36), primaryKey: true },
      order_id: id,
      bought: number,
      /** By open requests. */
      claimed: number,
      /** Refunded by after-sales: returned, or kept. */
      returned: number,
      kept: number,
    });

    await query.createTable("after_sale_steps", {
      id: { type: DataTypes.CHAR(36), primaryKey: true },
      after_sale_id: id,
      version: number,
      step: word(20),
      status: word(10),
      actor: word(80),
      reason: { type: mediumText, allowNull: true },
      happened_at: large,
    });
    await query.addIndex("after_sale_steps", ["after_sale_id", "version"], {
      name: "after_sale_steps_of",
      unique: true,
    });

    await query.createTable("messages", {
      id: { type: DataTypes.CHAR(36), primaryKey: true },
      after_sale_id: id,
      author: word(10),
      author_id: word(80),
      text: { type: mediumText, allowNull: false },
      images: { type: mediumText, allowNull: true },
      created_at: large,
    });
    await query.addIndex("messages", ["after_sale_id", "created_at", "id"], { name: "messages_of" });

    /** Attempts to promise a replacement, under whose ids stock is reserved. */
    await query.createTable("replacements", {
      id: { type: DataTypes.CHAR(36), primaryKey: true },
      after_sale_id: id,
      /** `open`, `promised`, `abandoned`, `released` or `sent`. */
      state: word(10),
      created_at: large,
    });
    await query.addIndex("replacements", ["after_sale_id"], { name: "replacements_of" });

    await query.createTable("deleted_customers", {
      customer_id: { type: DataTypes.CHAR(36), primaryKey: true },
      deleted_at: large,
    });
    await createTaskTables(query);
    await createImageTables(query);
    await createOutboxTable(query);
    await createInboxTable(query);
  },

  async down(query: QueryInterface) {
    for (const table of ["inbox", "outbox"]) await query.dropTable(table);
    await dropImageTables(query);
    await dropTaskTables(query);
    for (const table of [
      "deleted_customers",
      "replacements",
      "messages",
      "after_sale_steps",
      "claims",
      "after_sale_lines",
      "after_sales",
    ])
      await query.dropTable(table);
  },
};
