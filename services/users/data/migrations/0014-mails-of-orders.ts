import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import { dropColumns } from "../../../../mixins/database/drop-columns.ts";
import type { Migration } from "../../../../mixins/database/migrate.ts";

/** The order that a mail is about. */
export const mailsOfOrders: Migration = {
  name: "0014-mails-of-orders.expand",

  async up(query: QueryInterface) {
    await query.addColumn("mails", "order_number", { type: DataTypes.STRING(20), allowNull: true });
  },

  async down(query: QueryInterface) {
    await dropColumns(query, "mails", ["order_number"]);
  },
};
