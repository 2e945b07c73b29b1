import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import { dropColumns } from "../../../../mixins/database/drop-columns.ts";
import type { Migration } from "../../../../mixins/database/migrate.ts";

const count = { type: DataTypes.INTEGER, allowNull: false, defaultValue: 0 };

/** How many customers have a product in their favourites, and the version of that count. */
export const favourites: Migration = {
  name: "0024-favourites.expand",

  async up(query: QueryInterface) {
    await query.addColumn("products", "favourites", count);
    await query.addColumn("products", "favourites_version", count);
  },

  async down(query: QueryInterface) {
    await dropColumns(query, "products", ["favourites", "favourites_version"]);
  },
};
