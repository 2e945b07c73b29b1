import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import { dropColumns } from "../../../../mixins/database/drop-columns.ts";
import type { Migration } from "../../../../mixins/database/migrate.ts";
import { productRanges } from "./product-ranges.ts";

const orders = { age: "created_at", name: "name_key", price: "price_from" } as const;

/** Denormalizes stock availability into products, so in-stock filters use the sort indexes. */
export const stockedProducts: Migration = {
  name: "0005-stocked-products",

  async up(query: QueryInterface) {
    const number = { type: DataTypes.INTEGER, allowNull: false, defaultValue: 0 };
    /** Number of variants with stock on hand. */
    await query.addColumn("products", "stocked_variants", number);
    /** 1 while `stocked_variants` is above 0. */
    await query.addColumn("products", "in_stock", number);
    const { sequelize } = query;
    for await (const { after, to } of productRanges(query)) {
      await sequelize.query(
        `UPDATE products SET stocked_variants =
           (SELECT COUNT(*) FROM variants v JOIN stock s ON s.variant_id = v.id WHERE v.product_id = products.id AND s.on_hand > 0)
         WHERE id > ? AND id <= ?`,
        { replacements: [after, to] },
      );
      await sequelize.query(
        "UPDATE products SET in_stock = 1 WHERE stocked_variants > 0 AND id > ? AND id <= ?",
        { replacements: [after, to] },
      );
    }
    for (const [name, column] of Object.entries(orders))
      await query.addIndex("products", ["status", "in_stock", column, "id"], {
        name: `products_stocked_by_${name}`,
      });
  },

  async down(query: QueryInterface) {
    for (const name of Object.keys(orders))
      await query.removeIndex("products", `products_stocked_by_${name}`);
    await dropColumns(query, "products", ["in_stock", "stocked_variants"]);
  },
};
