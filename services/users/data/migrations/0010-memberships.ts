import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import type { Migration } from "../../../../mixins/database/migrate.ts";

/** Copy of the merchants' members, by which sessions know what their users may do. */
export const memberships: Migration = {
  name: "0010-memberships.expand",

  async up(query: QueryInterface) {
    await query.createTable("memberships", {
      user_id: { type: DataTypes.CHAR(36), primaryKey: true },
      merchant_id: { type: DataTypes.CHAR(36), primaryKey: true },
      /** Null after the end of the membership, which keeps late events from reviving it. */
      role: { type: DataTypes.STRING(20), allowNull: true },
      /** Of the membership at the merchants service. */
      version: { type: DataTypes.INTEGER, allowNull: false },
    });
  },

  async down(query: QueryInterface) {
    await query.dropTable("memberships");
  },
};
