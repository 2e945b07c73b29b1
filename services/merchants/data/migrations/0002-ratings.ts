import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import { dropColumns } from "../../../../mixins/database/drop-columns.ts";
import type { Migration } from "../../../../mixins/database/migrate.ts";

/** Copy of the ratings by the reviews service. */
export const ratings: Migration = {
  name: "0002-ratings.expand",

  async up(query: QueryInterface) {
    /** JSON; null before the first review. */
    await query.addColumn("merchants", "rating", { type: DataTypes.STRING(200), allowNull: true });
    await query.addColumn("merchants", "rating_version", {
      type: DataTypes.INTEGER,
      allowNull: false,
      defaultValue: 0,
    });
  },

  async down(query: QueryInterface) {
    await dropColumns(query, "merchants", ["rating_version", "rating"]);
  },
};
