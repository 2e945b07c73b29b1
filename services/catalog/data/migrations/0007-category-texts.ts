import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import { dropColumns } from "../../../../mixins/database/drop-columns.ts";
import type { Migration } from "../../../../mixins/database/migrate.ts";

/** Texts in other locales than the default: a JSON object, locale to texts by field. Null for none. */
export const categoryTexts: Migration = {
  name: "0007-category-texts.expand",

  async up(query: QueryInterface) {
    await query.addColumn("categories", "texts", { type: DataTypes.TEXT, allowNull: true });
  },

  async down(query: QueryInterface) {
    await dropColumns(query, "categories", ["texts"]);
  },
};
