import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import type { Migration } from "../../../../mixins/database/migrate.ts";

/** An order keeps the rate of the tax that it contains, for its invoice. Nobody knows that of orders from before. */
export const taxRates: Migration = {
  name: "0006-tax-rates",

  async up(query: QueryInterface) {
    /** Hundredths of a percent. */
    await query.addColumn("orders", "tax_rate", { type: DataTypes.INTEGER, allowNull: true });
  },

  async down(query: QueryInterface) {
    // Sequelize's own way would make a SQLite table anew, without its indexes.
    await query.sequelize.query("ALTER TABLE orders DROP COLUMN tax_rate");
  },
};
