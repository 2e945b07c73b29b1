import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import type { Migration } from "../../../../mixins/database/migrate.ts";

/** Text compared by code points in every database. */
const exactText = (length: number) => ({ type: DataTypes.STRING(length, true), allowNull: false });

/** Copy of the merchants: what products show of theirs, and whether they are on sale. */
export const merchantCopies: Migration = {
  name: "0019-merchant-copies.expand",

  async up(query: QueryInterface) {
    await query.createTable("merchants", {
      id: { type: DataTypes.CHAR(36), primaryKey: true },
      slug: exactText(120),
      name: { type: DataTypes.STRING(120), allowNull: false },
      status: { type: DataTypes.STRING(10), allowNull: false },
      /** Of the merchant at the merchants service. */
      version: { type: DataTypes.INTEGER, allowNull: false },
    });
    await query.addIndex("merchants", ["slug"], { name: "merchants_by_slug" });
    await query.addIndex("merchants", ["status"], { name: "merchants_by_status" });
  },

  async down(query: QueryInterface) {
    await query.dropTable("merchants");
  },
};
