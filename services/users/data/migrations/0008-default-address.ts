import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import type { Migration } from "../../../../mixins/database/migrate.ts";

/** A user has at most one default address: `default_of` is its owner's id, and unique. */
export const defaultAddress: Migration = {
  name: "0008-default-address.expand",

  async up(query: QueryInterface) {
    await query.addColumn("addresses", "default_of", { type: DataTypes.CHAR(36), allowNull: true });
    await query.addIndex("addresses", ["default_of"], { name: "addresses_default", unique: true });
  },

  async down(query: QueryInterface) {
    await query.removeIndex("addresses", "addresses_default");
    await query.removeColumn("addresses", "default_of");
  },
};
