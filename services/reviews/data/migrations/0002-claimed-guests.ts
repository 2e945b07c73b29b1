import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import type { Migration } from "../../../../mixins/database/migrate.ts";

/** Guests whose purchases are an account's, while events may still tell of them under the guest's id. */
export const claimedGuests: Migration = {
  name: "0002-claimed-guests.expand",

  async up(query: QueryInterface) {
    await query.createTable("claimed_guests", {
      guest_id: { type: DataTypes.CHAR(36), primaryKey: true },
      user_id: { type: DataTypes.CHAR(36), allowNull: false },
      /** Milliseconds since the Unix epoch. */
      claimed_at: { type: DataTypes.BIGINT, allowNull: false },
    });
    await query.addIndex("claimed_guests", ["claimed_at"], { name: "claimed_guests_by_age" });
  },

  async down(query: QueryInterface) {
    await query.dropTable("claimed_guests");
  },
};
