import type { QueryInterface } from "sequelize";
import type { Migration } from "../../../../mixins/database/migrate.ts";

/** Lists the owners of a product in the order of their ids, page by page. */
export const ownersOfProducts: Migration = {
  name: "0003-owners-of-products.expand",

  async up(query: QueryInterface) {
    await query.addIndex("favourites", ["product_id", "owner_id"], { name: "favourites_owners_of_product" });
    await query.removeIndex("favourites", "favourites_by_product");
  },

  async down(query: QueryInterface) {
    await query.addIndex("favourites", ["product_id"], { name: "favourites_by_product" });
    await query.removeIndex("favourites", "favourites_owners_of_product");
  },
};
