import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import { dropColumns } from "../../../../mixins/database/drop-columns.ts";
import type { Migration } from "../../../../mixins/database/migrate.ts";

/** The service that settles a reservation whose lease has expired. */
export const leaseHolders: Migration = {
  name: "0025-lease-holders.expand",

  async up(query: QueryInterface) {
    await query.addColumn("reservations", "settled_by", {
      type: DataTypes.STRING(20),
      allowNull: false,
      defaultValue: "orders",
    });
  },

  async down(query: QueryInterface) {
    await dropColumns(query, "reservations", ["settled_by"]);
  },
};
