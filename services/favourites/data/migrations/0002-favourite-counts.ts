import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import { dropColumns } from "../../../../mixins/database/drop-columns.ts";
import type { Migration } from "../../../../mixins/database/migrate.ts";

const number = { type: DataTypes.INTEGER, allowNull: false };

/** Prices when products were added, and counts of favourites. */
export const favouriteCounts: Migration = {
  name: "0002-favourite-counts.expand",

  async up(query: QueryInterface) {
    /** Minor units; null where it was not recorded. */
    await query.addColumn("favourites", "price_minor", { type: DataTypes.BIGINT, allowNull: true });
    await query.addIndex("favourites", ["product_id"], { name: "favourites_by_product" });
    await query.createTable("favourite_counts", {
      product_id: { type: DataTypes.CHAR(36), primaryKey: true },
      favourites: number,
      /** Grows with each change. */
      version: number,
      /** 0: its count is still to be published. */
      is_told: number,
    });
    await query.addIndex("favourite_counts", ["is_told", "product_id"], { name: "favourite_counts_untold" });
    await query.sequelize.query(
      `INSERT INTO favourite_counts (product_id, favourites, version, is_told)
       SELECT product_id, COUNT(*), 1, 0 FROM favourites GROUP BY product_id`,
    );
  },

  async down(query: QueryInterface) {
    await query.dropTable("favourite_counts");
    await query.removeIndex("favourites", "favourites_by_product");
    await dropColumns(query, "favourites", ["price_minor"]);
  },
};
