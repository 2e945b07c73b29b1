import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import { dropColumns } from "../../../../mixins/database/drop-columns.ts";
import type { Migration } from "../../../../mixins/database/migrate.ts";

/** The customer for whom an unpaid reservation holds stock. */
export const holders: Migration = {
  name: "0004-holders",

  async up(query: QueryInterface) {
    await query.addColumn("reservations", "holder", { type: DataTypes.CHAR(36), allowNull: true });
    await query.addIndex("reservations", ["holder"], { name: "reservations_of_holder" });
  },

  async down(query: QueryInterface) {
    await query.removeIndex("reservations", "reservations_of_holder");
    await dropColumns(query, "reservations", ["holder"]);
  },
};
