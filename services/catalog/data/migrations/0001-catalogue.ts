import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import type { Migration } from "../../../../mixins/database/migrate.ts";
import { createInboxTable } from "../../../../mixins/events/inbox-table.ts";
import { createOutboxTable } from "../../../../mixins/events/outbox-table.ts";

const id = DataTypes.CHAR(36);
const moment = { type: DataTypes.BIGINT, allowNull: false };
const version = { type: DataTypes.INTEGER, allowNull: false };
/** Text compared by code points in every database, so ranges over it mean the same. */
const exactText = (length: number) => DataTypes.STRING(length, true);

/** Times are milliseconds since the Unix epoch; prices are minor units of the shop's currency. */
export const catalogue: Migration = {
  name: "0001-catalogue",

  async up(query: QueryInterface) {
    await query.createTable("categories", {
      id: { type: id, primaryKey: true },
      slug: { type: exactText(120), allowNull: false, unique: true },
      name: { type: DataTypes.STRING(120), allowNull: false },
      name_key: { type: exactText(200), allowNull: false },
      parent_id: { type: id, allowNull: true },
      /** Slugs from the root down, each followed by a slash. */
      path: { type: exactText(700), allowNull: false },
      depth: { type: DataTypes.INTEGER, allowNull: false },
      version,
      created_at: moment,
      updated_at: moment,
    });
    await query.addIndex("categories", ["path", "id"], { name: "categories_path" });
    await query.addIndex("categories", ["name_key", "id"], { name: "categories_name" });
    await query.addIndex("categories", ["parent_id", "name_key", "id"], { name: "categories_of_parent" });

    await query.createTable("products", {
      id: { type: id, primaryKey: true },
      slug: { type: exactText(120), allowNull: false, unique: true },
      name: { type: DataTypes.STRING(200), allowNull: false },
      name_key: { type: exactText(200), allowNull: false },
      description: { type: DataTypes.TEXT, allowNull: false },
      status: { type: DataTypes.STRING(10), allowNull: false },
      category_id: { type: id, allowNull: true },
      /** Lowest price of its variants; 0 while it has none. */
      price_from: { type: DataTypes.INTEGER, allowNull: false },
      variant_count: { type: DataTypes.INTEGER, allowNull: false },
      version,
      created_at: moment,
      updated_at: moment,
    });
    await query.addIndex("products", ["status", "created_at", "id"], { name: "products_by_age" });
    await query.addIndex("products", ["status", "name_key", "id"], { name: "products_by_name" });
    await query.addIndex("products", ["status", "price_from", "id"], { name: "products_by_price" });
    await query.addIndex("products", ["category_id", "status"], { name: "products_of_category" });

    await query.createTable("variants", {
      id: { type: id, primaryKey: true },
      product_id: { type: id, allowNull: false },
      sku: { type: exactText(64), allowNull: false, unique: true },
      /** JSON object: option name to text. */
      options: { type: DataTypes.TEXT, allowNull: false },
      price: { type: DataTypes.INTEGER, allowNull: false },
      weight_grams: { type: DataTypes.INTEGER, allowNull: true },
      version,
      created_at: moment,
      updated_at: moment,
    });
    await query.addIndex("variants", ["product_id", "sku", "id"], { name: "variants_by_sku" });
    await query.addIndex("variants", ["product_id", "price", "id"], { name: "variants_by_price" });
    await query.addIndex("variants", ["product_id", "created_at", "id"], { name: "variants_by_age" });

    /** Inverted index: products by the words of their name, SKUs and description. */
    await query.createTable("product_terms", {
      term: { type: exactText(40), primaryKey: true },
      product_id: { type: id, primaryKey: true },
    });
    await query.addIndex("product_terms", ["product_id"], { name: "product_terms_of_product" });

    // Raw SQL for CHECK constraints: the database is the last defence of stock accounts.
    await query.sequelize.query(`CREATE TABLE stock (
      variant_id CHAR(36) NOT NULL PRIMARY KEY,
      on_hand BIGINT NOT NULL,
      reserved BIGINT NOT NULL,
      sold BIGINT NOT NULL,
      returned BIGINT NOT NULL,
      received BIGINT NOT NULL,
      CONSTRAINT stock_not_negative
        CHECK (on_hand >= 0 AND reserved >= 0 AND sold >= 0 AND returned >= 0 AND received >= 0),
      CONSTRAINT stock_adds_up CHECK (on_hand + reserved + sold - returned = received)
    )`);

    /** Append-only ledger. */
    await query.createTable("stock_movements", {
      id: { type: id, primaryKey: true },
      variant_id: { type: id, allowNull: false },
      kind: { type: DataTypes.STRING(10), allowNull: false },
      quantity: { type: DataTypes.INTEGER, allowNull: false },
      reason: { type: DataTypes.STRING(200), allowNull: true },
      order_id: { type: id, allowNull: true },
      actor: { type: DataTypes.STRING(100), allowNull: false },
      created_at: moment,
    });
    await query.addIndex("stock_movements", ["variant_id", "created_at", "id"], {
      name: "stock_movements_of_variant",
    });
    await query.addIndex("stock_movements", ["variant_id", "kind", "created_at", "id"], {
      name: "stock_movements_of_kind",
    });

    await query.createTable("reservations", {
      order_id: { type: id, primaryKey: true },
      status: { type: DataTypes.STRING(10), allowNull: false },
      /** Meaningful only while the status is `held`. */
      lease_until: moment,
      created_at: moment,
      updated_at: moment,
    });
    await query.addIndex("reservations", ["status", "lease_until", "order_id"], {
      name: "reservations_lease",
    });

    await query.createTable("reservation_lines", {
      order_id: { type: id, primaryKey: true },
      variant_id: { type: id, primaryKey: true },
      /** Index of the line in the request. */
      position: { type: DataTypes.INTEGER, allowNull: false },
      quantity: { type: DataTypes.INTEGER, allowNull: false },
      unit_price: { type: DataTypes.INTEGER, allowNull: false },
      returned: { type: DataTypes.INTEGER, allowNull: false },
    });

    await createOutboxTable(query);
    await createInboxTable(query);
  },

  async down(query: QueryInterface) {
    for (const table of [
      "inbox",
      "outbox",
      "reservation_lines",
      "reservations",
      "stock_movements",
      "stock",
      "product_terms",
      "variants",
      "products",
      "categories",
    ])
      await query.dropTable(table);
  },
};
