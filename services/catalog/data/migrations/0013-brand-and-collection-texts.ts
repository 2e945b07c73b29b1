import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import { mediumText } from "../../../../mixins/database/column-types.ts";
import { dropColumns } from "../../../../mixins/database/drop-columns.ts";
import type { Migration } from "../../../../mixins/database/migrate.ts";

const columns = [
  /** Texts in other locales than the default: a JSON object, locale to texts by field. Null for none. */
  { table: "brands", name: "texts", type: mediumText },
  { table: "collections", name: "texts", type: mediumText },
  /** JSON. */
  { table: "collections", name: "image", type: DataTypes.TEXT },
] as const;

export const brandAndCollectionTexts: Migration = {
  name: "0013-brand-and-collection-texts.expand",

  async up(query: QueryInterface) {
    for (const { table, name, type } of columns)
      await query.addColumn(table, name, { type, allowNull: true });
  },

  async down(query: QueryInterface) {
    for (const { table, name } of columns) await dropColumns(query, table, [name]);
  },
};
