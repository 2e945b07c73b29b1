import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import { mediumText } from "../../../../mixins/database/column-types.ts";
import { dropColumns } from "../../../../mixins/database/drop-columns.ts";
import type { Migration } from "../../../../mixins/database/migrate.ts";
import { productRanges } from "./product-ranges.ts";

const id = DataTypes.CHAR(36);

/**
 * Details read with a product in one statement. Nullable, since an earlier version's nodes insert rows without
 * them during a rolling update.
 */
const columns = {
  cheapest_variant_id: id,
  type_id: id,
  brand_id: id,
  /** JSON object: attribute code to value. */
  attributes: DataTypes.TEXT,
  /** JSON array. */
  tags: DataTypes.TEXT,
  /** JSON object. */
  seo: DataTypes.TEXT,
  /** JSON object: locale to texts by field. */
  texts: mediumText,
  /** JSON array of all images, in order. */
  images: mediumText,
  /** JSON of the first image, for lists. */
  image: DataTypes.TEXT,
} as const;

export const productDetails: Migration = {
  name: "0006-product-details.expand",

  async up(query: QueryInterface) {
    for (const [name, type] of Object.entries(columns))
      await query.addColumn("products", name, { type, allowNull: true });
    for await (const { after, to } of productRanges(query))
      await query.sequelize.query(
        `UPDATE products SET cheapest_variant_id =
           (SELECT v.id FROM variants v WHERE v.product_id = products.id ORDER BY v.price, v.id LIMIT 1)
         WHERE id > ? AND id <= ?`,
        { replacements: [after, to] },
      );
  },

  async down(query: QueryInterface) {
    await dropColumns(query, "products", Object.keys(columns));
  },
};
