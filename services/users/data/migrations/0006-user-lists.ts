import type { QueryInterface } from "sequelize";
import type { Migration } from "../../../../mixins/database/migrate.ts";

/** Indexes for staff: accounts of a role or a status by age or by address. */
export const userLists: Migration = {
  name: "0006-user-lists",

  async up(query: QueryInterface) {
    await query.addIndex("users", ["role", "email", "id"], { name: "users_role_email" });
    await query.addIndex("users", ["status", "created_at", "id"], { name: "users_status" });
    await query.addIndex("users", ["status", "email", "id"], { name: "users_status_email" });
  },

  async down(query: QueryInterface) {
    for (const name of ["users_status_email", "users_status", "users_role_email"])
      await query.removeIndex("users", name);
  },
};
