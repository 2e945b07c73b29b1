import type { QueryInterface } from "sequelize";
import type { Migration } from "../../../../mixins/database/migrate.ts";
import { createOutboxTable } from "../../../../mixins/events/outbox-table.ts";
import { createTaskTables, dropTaskTables } from "../../../../mixins/tasks/tasks-table.ts";

/** Tables of exports; unlike the trail's, the service's database user may change their rows. */
export const exportTables: Migration = {
  name: "0003-exports",

  async up(query: QueryInterface) {
    await createOutboxTable(query);
    await createTaskTables(query);
  },

  async down(query: QueryInterface) {
    await dropTaskTables(query);
    await query.dropTable("outbox");
  },
};
