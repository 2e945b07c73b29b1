import type { QueryInterface } from "sequelize";
import { DataTypes, QueryTypes } from "sequelize";
import type { Migration } from "../../../../mixins/database/migrate.ts";
import { belonging } from "../../domain/search/searchable-product.ts";
import type { ProductRow } from "../product-row.ts";
import { productFromRow } from "../product-row.ts";
import { candidateRow, unpacked } from "../search/search-index.ts";
import { insertAll } from "./insert-all.ts";
import { productRanges } from "./product-ranges.ts";

const id = DataTypes.CHAR(36);

/** What a search compares of a product, in one short row. */
export const searchCandidates: Migration = {
  name: "0016-search-candidates.expand",

  async up(query: QueryInterface) {
    await query.createTable("search_candidates", {
      doc: { type: DataTypes.INTEGER, primaryKey: true },
      product_id: { type: id, allowNull: false, unique: true },
      status: { type: DataTypes.STRING(20), allowNull: false },
      category_id: { type: id, allowNull: true },
      brand_id: { type: id, allowNull: true },
      /** Codes and weights of its terms. */
      terms: { type: DataTypes.TEXT, allowNull: false },
    });
    // Rows of an attempt that did not finish.
    await query.sequelize.query("DELETE FROM search_candidates");
    for await (const range of productRanges(query)) await fill(query, range);
    for (const one of ["category", "brand"])
      await query.addIndex("search_candidates", [`${one}_id`, "status"], {
        name: `search_candidates_of_${one}`,
      });
  },

  async down(query: QueryInterface) {
    await query.dropTable("search_candidates");
  },
};

async function fill(
  query: QueryInterface,
  { after, to }: { readonly after: string; readonly to: string },
): Promise<void> {
  const rows = await query.sequelize.query<ProductRow & { doc: number; terms: string }>(
    `SELECT p.*, d.id AS doc, d.terms FROM products p JOIN search_documents d ON d.product_id = p.id
     WHERE p.id > ? AND p.id <= ?`,
    { replacements: [after, to], type: QueryTypes.SELECT },
  );
  const candidates = rows.map((row) => {
    const codes = [...unpacked(row.terms)];
    const postings = new Map(codes.map(([term, code]) => [term, { weight: Math.abs(code) }]));
    return candidateRow(row.doc, { productId: row.id, product: belonging(productFromRow(row)), postings });
  });
  await insertAll(query, "search_candidates", candidates);
}
