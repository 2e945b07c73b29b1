import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import { dropColumns } from "../../../../mixins/database/drop-columns.ts";
import type { Migration } from "../../../../mixins/database/migrate.ts";
import { createImageTables, dropImageTables } from "../../../../mixins/media/images-table.ts";

export const images: Migration = {
  name: "0010-images.expand",

  async up(query: QueryInterface) {
    await createImageTables(query);
    /** JSON. */
    for (const table of ["categories", "brands"])
      await query.addColumn(table, "image", { type: DataTypes.TEXT, allowNull: true });
  },

  async down(query: QueryInterface) {
    for (const table of ["categories", "brands"]) await dropColumns(query, table, ["image"]);
    await dropImageTables(query);
  },
};
