import type { QueryInterface } from "sequelize";
import type { Migration } from "../../../../mixins/database/migrate.ts";

/**
 * Covering index: tests a product for a word without reading the table, however many products a search scans.
 */
export const termsByProduct: Migration = {
  name: "0003-terms-by-product",

  async up(query: QueryInterface) {
    await query.addIndex("product_terms", ["product_id", "term"], { name: "product_terms_by_product" });
    await query.removeIndex("product_terms", "product_terms_of_product");
  },

  async down(query: QueryInterface) {
    await query.addIndex("product_terms", ["product_id"], { name: "product_terms_of_product" });
    await query.removeIndex("product_terms", "product_terms_by_product");
  },
};
