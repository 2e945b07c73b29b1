import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import { dropColumns } from "../../../../mixins/database/drop-columns.ts";
import type { Migration } from "../../../../mixins/database/migrate.ts";
import { createImageTables, dropImageTables } from "../../../../mixins/media/images-table.ts";
import { createTaskTables, dropTaskTables } from "../../../../mixins/tasks/tasks-table.ts";

export const avatars: Migration = {
  name: "0009-avatars.expand",

  async up(query: QueryInterface) {
    await createTaskTables(query);
    await createImageTables(query);
    /** JSON. */
    await query.addColumn("users", "avatar", { type: DataTypes.TEXT, allowNull: true });
  },

  async down(query: QueryInterface) {
    await dropColumns(query, "users", ["avatar"]);
    await dropImageTables(query);
    await dropTaskTables(query);
  },
};
