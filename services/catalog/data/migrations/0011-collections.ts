import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import { mediumText } from "../../../../mixins/database/column-types.ts";
import type { Migration } from "../../../../mixins/database/migrate.ts";

const id = DataTypes.CHAR(36);
const moment = { type: DataTypes.BIGINT, allowNull: false };
/** Text compared by code points in every database. */
const exactText = (length: number) => ({ type: DataTypes.STRING(length, true), allowNull: false });

export const collections: Migration = {
  name: "0011-collections.expand",

  async up(query: QueryInterface) {
    await query.createTable("collections", {
      id: { type: id, primaryKey: true },
      slug: { ...exactText(120), unique: true },
      name: { type: DataTypes.STRING(120), allowNull: false },
      name_key: exactText(200),
      description: { type: DataTypes.TEXT, allowNull: false },
      /** JSON object; null for a manual collection. */
      rule: { type: mediumText, allowNull: true },
      /** JSON object; null for an empty one. */
      seo: { type: DataTypes.TEXT, allowNull: true },
      version: { type: DataTypes.INTEGER, allowNull: false },
      created_at: moment,
      updated_at: moment,
    });
    await query.addIndex("collections", ["name_key", "id"], { name: "collections_by_name" });

    await query.createTable("collection_products", {
      collection_id: { type: id, primaryKey: true },
      product_id: { type: id, primaryKey: true },
      /** Of a manual collection, as staff arranged it; by rule, the newest product comes first. */
      position: { type: DataTypes.BIGINT, allowNull: false },
    });
    await query.addIndex("collection_products", ["collection_id", "position", "product_id"], {
      name: "collection_products_by_position",
    });
    await query.addIndex("collection_products", ["product_id"], { name: "collections_of_product" });

    /** Related products that staff chose. */
    await query.createTable("related_products", {
      product_id: { type: id, primaryKey: true },
      related_id: { type: id, primaryKey: true },
      position: { type: DataTypes.INTEGER, allowNull: false },
    });
    await query.addIndex("related_products", ["related_id"], { name: "related_products_of" });

    /** Placed orders of several variants that are not counted yet. */
    await query.createTable("baskets", {
      order_id: { type: id, primaryKey: true },
      /** JSON array. */
      variant_ids: { type: DataTypes.TEXT, allowNull: false },
      placed_at: moment,
    });

    /** How much was bought together; see `domain/bought-together.ts`. */
    await query.createTable("product_pairs", {
      product_id: { type: id, primaryKey: true },
      other_id: { type: id, primaryKey: true },
      score: { type: DataTypes.DOUBLE, allowNull: false },
    });
    await query.addIndex("product_pairs", ["product_id", "score", "other_id"], {
      name: "product_pairs_by_score",
    });
  },

  async down(query: QueryInterface) {
    for (const table of [
      "product_pairs",
      "baskets",
      "related_products",
      "collection_products",
      "collections",
    ])
      await query.dropTable(table);
  },
};
