import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import { dropColumns } from "../../../../mixins/database/drop-columns.ts";
import type { Migration } from "../../../../mixins/database/migrate.ts";

const id = DataTypes.CHAR(36);
const moment = { type: DataTypes.BIGINT, allowNull: false };
/** Text compared by code points in every database. */
const exactText = (length: number) => ({ type: DataTypes.STRING(length, true), allowNull: false });

export const brands: Migration = {
  name: "0009-brands.expand",

  async up(query: QueryInterface) {
    await query.createTable("brands", {
      id: { type: id, primaryKey: true },
      slug: { ...exactText(120), unique: true },
      name: { type: DataTypes.STRING(120), allowNull: false },
      name_key: exactText(200),
      description: { type: DataTypes.TEXT, allowNull: false },
      /** JSON object; null for an empty one. */
      seo: { type: DataTypes.TEXT, allowNull: true },
      version: { type: DataTypes.INTEGER, allowNull: false },
      created_at: moment,
      updated_at: moment,
    });
    await query.addIndex("brands", ["name_key", "id"], { name: "brands_by_name" });
    await query.addIndex("products", ["brand_id"], { name: "products_of_brand" });
    await query.addColumn("categories", "seo", { type: DataTypes.TEXT, allowNull: true });

    /** Slugs that products, categories and the like had before, for redirects. */
    await query.createTable("slug_history", {
      entity: { ...exactText(20), primaryKey: true },
      slug: { ...exactText(120), primaryKey: true },
      entity_id: { type: id, allowNull: false },
    });
    await query.addIndex("slug_history", ["entity_id"], { name: "slug_history_of_entity" });
  },

  async down(query: QueryInterface) {
    await query.dropTable("slug_history");
    await dropColumns(query, "categories", ["seo"]);
    await query.removeIndex("products", "products_of_brand");
    await query.dropTable("brands");
  },
};
