import type { QueryInterface } from "sequelize";
import type { Migration } from "../../../../mixins/database/migrate.ts";
import { createTaskTables, dropTaskTables } from "../../../../mixins/tasks/tasks-table.ts";

export const tasks: Migration = {
  name: "0002-tasks",

  async up(query: QueryInterface) {
    await createTaskTables(query);
  },

  async down(query: QueryInterface) {
    await dropTaskTables(query);
  },
};
