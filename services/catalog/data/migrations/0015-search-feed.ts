import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import type { Migration } from "../../../../mixins/database/migrate.ts";

const id = DataTypes.CHAR(36);

/** Products that changed, for a search engine outside the shop. */
export const searchFeed: Migration = {
  name: "0015-search-feed.expand",

  async up(query: QueryInterface) {
    await query.createTable("search_feed", {
      product_id: { type: id, primaryKey: true },
      /** Differs for each change. */
      mark: { type: id, allowNull: false },
      is_sent: { type: DataTypes.BOOLEAN, allowNull: false },
      marked_at: { type: DataTypes.BIGINT, allowNull: false },
    });
    await query.addIndex("search_feed", ["is_sent", "marked_at"], { name: "search_feed_by_state" });
  },

  async down(query: QueryInterface) {
    await query.dropTable("search_feed");
  },
};
