import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import type { Migration } from "../../../../mixins/database/migrate.ts";
import { createInboxTable } from "../../../../mixins/events/inbox-table.ts";

/** Times are milliseconds since the Unix epoch; prices are minor units. */
export const carts: Migration = {
  name: "0001-carts",

  async up(query: QueryInterface) {
    await query.createTable("carts", {
      id: { type: DataTypes.CHAR(36), primaryKey: true },
      /** Null for a guest's cart; a customer has one cart. */
      customer_id: { type: DataTypes.CHAR(36), allowNull: true, unique: true },
      /** SHA-256 of a guest cart's token; the token itself is not stored. Null for a customer's cart. */
      token_hash: { type: DataTypes.CHAR(64), allowNull: true },
      version: { type: DataTypes.INTEGER, allowNull: false },
      created_at: { type: DataTypes.BIGINT, allowNull: false },
      updated_at: { type: DataTypes.BIGINT, allowNull: false },
      expires_at: { type: DataTypes.BIGINT, allowNull: false },
    });
    await query.addIndex("carts", ["expires_at"], { name: "carts_expiry" });

    await query.createTable("cart_items", {
      id: { type: DataTypes.CHAR(36), primaryKey: true },
      cart_id: { type: DataTypes.CHAR(36), allowNull: false },
      variant_id: { type: DataTypes.CHAR(36), allowNull: false },
      quantity: { type: DataTypes.INTEGER, allowNull: false },
      /** Unit price when the item was last added. */
      price_minor: { type: DataTypes.BIGINT, allowNull: false },
      currency: { type: DataTypes.CHAR(3), allowNull: false },
    });
    await query.addIndex("cart_items", ["cart_id", "variant_id"], {
      name: "cart_items_variant",
      unique: true,
    });

    await createInboxTable(query);
  },

  async down(query: QueryInterface) {
    for (const table of ["inbox", "cart_items", "carts"]) await query.dropTable(table);
  },
};
