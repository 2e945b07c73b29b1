import type { QueryInterface } from "sequelize";
import { DataTypes, QueryTypes } from "sequelize";
import { mediumText } from "../../../../mixins/database/column-types.ts";
import type { Migration } from "../../../../mixins/database/migrate.ts";
import { facetRowsOf } from "../../domain/facet-rows.ts";
import type { AttributeValue } from "../../domain/product.ts";
import { parsed } from "../json-column.ts";
import { productRanges } from "./product-ranges.ts";

const id = DataTypes.CHAR(36);
const moment = { type: DataTypes.BIGINT, allowNull: false };
const version = { type: DataTypes.INTEGER, allowNull: false };
const flag = { type: DataTypes.BOOLEAN, allowNull: false };
const exactText = (length: number) => DataTypes.STRING(length, true);
/** JSON object: locale to texts by field. */
const texts = { type: DataTypes.TEXT, allowNull: true };

/** Types of products, their attributes, and what products are found and counted by. */
export const productTypes: Migration = {
  name: "0008-product-types.expand",

  async up(query: QueryInterface) {
    await query.createTable("attributes", {
      id: { type: id, primaryKey: true },
      code: { type: exactText(40), allowNull: false, unique: true },
      name: { type: DataTypes.STRING(120), allowNull: false },
      texts,
      kind: { type: DataTypes.STRING(20), allowNull: false },
      unit: { type: DataTypes.STRING(20), allowNull: true },
      /** JSON array. */
      choices: { type: mediumText, allowNull: false },
      filterable: flag,
      localized: flag,
      version,
      created_at: moment,
      updated_at: moment,
    });
    await query.createTable("product_types", {
      id: { type: id, primaryKey: true },
      slug: { type: exactText(120), allowNull: false, unique: true },
      name: { type: DataTypes.STRING(120), allowNull: false },
      texts,
      /** JSON array of codes, each with whether it is required. */
      attributes: { type: DataTypes.TEXT, allowNull: false },
      position: { type: DataTypes.INTEGER, allowNull: false },
      version,
      created_at: moment,
      updated_at: moment,
    });
    await query.addIndex("product_types", ["position", "id"], { name: "product_types_by_position" });

    /** Inverted index: products by what they are filtered and counted by. */
    await query.createTable("product_facets", {
      product_id: { type: id, primaryKey: true },
      facet: { type: exactText(60), primaryKey: true },
      value: { type: exactText(100), primaryKey: true },
      number: { type: DataTypes.DOUBLE, allowNull: true },
    });
    await query.addIndex("product_facets", ["facet", "value", "product_id"], {
      name: "product_facets_by_value",
    });
    await query.addIndex("product_facets", ["facet", "number", "product_id"], {
      name: "product_facets_by_number",
    });
    await fillFacets(query);
  },

  async down(query: QueryInterface) {
    for (const table of ["product_facets", "product_types", "attributes"]) await query.dropTable(table);
  },
};

/** Nothing in a shop that never had types or brands; otherwise the migration runs again after it was taken back. */
async function fillFacets(query: QueryInterface): Promise<void> {
  const { sequelize } = query;
  for await (const { after, to } of productRanges(query)) {
    const products = await sequelize.query<StoredProduct>(
      `SELECT id, type_id, brand_id, tags, attributes FROM products
       WHERE id > ? AND id <= ? AND (type_id IS NOT NULL OR brand_id IS NOT NULL OR tags IS NOT NULL
         OR attributes IS NOT NULL)`,
      { replacements: [after, to], type: QueryTypes.SELECT },
    );
    const rows = products.flatMap((product) =>
      facetRowsOf({
        typeId: product.type_id,
        brandId: product.brand_id,
        merchantId: null,
        tags: parsed<string[]>(product.tags, []),
        attributes: parsed<Record<string, AttributeValue>>(product.attributes, {}),
      }).map((row) => ({ product_id: product.id, ...row })),
    );
    if (rows.length > 0) await query.bulkInsert("product_facets", rows);
  }
}

interface StoredProduct {
  readonly id: string;
  readonly type_id: string | null;
  readonly brand_id: string | null;
  readonly tags: string | null;
  readonly attributes: string | null;
}
