import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import { dropColumns } from "../../../../mixins/database/drop-columns.ts";
import type { Migration } from "../../../../mixins/database/migrate.ts";

const contact = { contact_email: 254, contact_phone: 16, contact_locale: 35 } as const;

/** How to reach the guest of an order, and whose orders a guest's have become. */
export const guests: Migration = {
  name: "0024-guests.expand",

  async up(query: QueryInterface) {
    for (const [column, length] of Object.entries(contact))
      await query.addColumn("orders", column, { type: DataTypes.STRING(length), allowNull: true });

    await query.createTable("guests", {
      /** A customer id. */
      guest_id: { type: DataTypes.CHAR(36), primaryKey: true },
      /** The account that claimed the guest's orders; then the guest places no more. */
      claimed_by: { type: DataTypes.CHAR(36), allowNull: true },
      /** Milliseconds since the Unix epoch. */
      claimed_at: { type: DataTypes.BIGINT, allowNull: true },
    });
  },

  async down(query: QueryInterface) {
    await query.dropTable("guests");
    await dropColumns(query, "orders", Object.keys(contact));
  },
};
