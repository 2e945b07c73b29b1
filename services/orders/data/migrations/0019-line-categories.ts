import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import { dropColumns } from "../../../../mixins/database/drop-columns.ts";
import type { Migration } from "../../../../mixins/database/migrate.ts";

/** JSON array: the categories of a merchant's product when it was sold, from the innermost out. */
export const lineCategories: Migration = {
  name: "0019-line-categories.expand",

  async up(query: QueryInterface) {
    await query.addColumn("order_lines", "category_ids", { type: DataTypes.TEXT, allowNull: true });
  },

  async down(query: QueryInterface) {
    await dropColumns(query, "order_lines", ["category_ids"]);
  },
};
