import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import { dropColumns } from "../../../../mixins/database/drop-columns.ts";
import type { Migration } from "../../../../mixins/database/migrate.ts";

/** Stores each order's tax rate for its invoice; unknown for existing orders. */
export const taxRates: Migration = {
  name: "0006-tax-rates",

  async up(query: QueryInterface) {
    /** Hundredths of a percent. */
    await query.addColumn("orders", "tax_rate", { type: DataTypes.INTEGER, allowNull: true });
  },

  async down(query: QueryInterface) {
    await dropColumns(query, "orders", ["tax_rate"]);
  },
};
