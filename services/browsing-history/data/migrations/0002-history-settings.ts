import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import type { Migration } from "../../../../mixins/database/migrate.ts";

/** Whose views are not recorded, or only later ones. */
export const historySettings: Migration = {
  name: "0002-history-settings.expand",

  async up(query: QueryInterface) {
    await query.createTable("history_settings", {
      user_id: { type: DataTypes.CHAR(36), primaryKey: true },
      /** 0: switched off, or the account is deleted. */
      is_on: { type: DataTypes.INTEGER, allowNull: false },
      /** When `is_on` was set, by its event; events may arrive out of order. */
      set_at: { type: DataTypes.BIGINT, allowNull: false },
      /** Views until then were cleared, also those that are still to be written. */
      cleared_at: { type: DataTypes.BIGINT, allowNull: false },
    });
  },

  async down(query: QueryInterface) {
    await query.dropTable("history_settings");
  },
};
