import type { QueryInterface } from "sequelize";
import type { Migration } from "../../../../mixins/database/migrate.ts";
import { createOutboxTable } from "../../../../mixins/events/outbox-table.ts";
import { createTaskTables, dropTaskTables } from "../../../../mixins/tasks/tasks-table.ts";

/** What exports need; the service's database user may change these rows, unlike those of the trail. */
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
