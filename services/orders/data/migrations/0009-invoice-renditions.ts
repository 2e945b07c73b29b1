import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import { mediumText } from "../../../../mixins/database/column-types.ts";
import type { Migration } from "../../../../mixins/database/migrate.ts";

/** Rendered invoices in base64: the current PDF of each order for which one was requested. */
export const invoiceRenditions: Migration = {
  name: "0009-invoice-renditions",

  async up(query: QueryInterface) {
    await query.createTable("invoice_renditions", {
      order_id: { type: DataTypes.CHAR(36), primaryKey: true },
      fingerprint: { type: DataTypes.CHAR(64), allowNull: false },
      content: { type: mediumText, allowNull: false },
      rendered_at: { type: DataTypes.BIGINT, allowNull: false },
    });
  },

  async down(query: QueryInterface) {
    await query.dropTable("invoice_renditions");
  },
};
