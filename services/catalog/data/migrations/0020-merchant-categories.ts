import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import type { Migration } from "../../../../mixins/database/migrate.ts";

const id = DataTypes.CHAR(36);
const number = { type: DataTypes.INTEGER, allowNull: false };
const moment = { type: DataTypes.BIGINT, allowNull: false };

/** Merchants' own trees of categories, and the products in them. */
export const merchantCategories: Migration = {
  name: "0020-merchant-categories.expand",

  async up(query: QueryInterface) {
    await query.createTable("merchant_categories", {
      id: { type: id, primaryKey: true },
      merchant_id: { type: id, allowNull: false },
      parent_id: { type: id, allowNull: true },
      name: { type: DataTypes.STRING(120), allowNull: false },
      /** JSON; null for none. */
      texts: { type: DataTypes.TEXT, allowNull: true },
      /** Among those of the same parent; ties by id. */
      position: number,
      version: number,
      created_at: moment,
      updated_at: moment,
    });
    await query.addIndex("merchant_categories", ["merchant_id"], { name: "categories_of_merchant" });
    await query.createTable("merchant_category_products", {
      category_id: { type: id, primaryKey: true },
      product_id: { type: id, primaryKey: true },
    });
    await query.addIndex("merchant_category_products", ["product_id"], {
      name: "merchant_categories_of_product",
    });
  },

  async down(query: QueryInterface) {
    await query.dropTable("merchant_category_products");
    await query.dropTable("merchant_categories");
  },
};
