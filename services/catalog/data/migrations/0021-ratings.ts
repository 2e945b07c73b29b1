import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import { dropColumns } from "../../../../mixins/database/drop-columns.ts";
import type { Migration } from "../../../../mixins/database/migrate.ts";

const number = { type: DataTypes.INTEGER, allowNull: false, defaultValue: 0 };

/** Copy of the ratings by the reviews service. */
export const ratings: Migration = {
  name: "0021-ratings.expand",

  async up(query: QueryInterface) {
    /** In hundredths; 0 without reviews. */
    await query.addColumn("products", "rating_average", number);
    await query.addColumn("products", "rating_count", number);
    await query.addColumn("products", "rating_version", number);
    await query.addIndex("products", ["status", "rating_average", "id"], { name: "products_by_rating" });
  },

  async down(query: QueryInterface) {
    await query.removeIndex("products", "products_by_rating");
    await dropColumns(query, "products", ["rating_version", "rating_count", "rating_average"]);
  },
};
