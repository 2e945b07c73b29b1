import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import { dropColumns } from "../../../../mixins/database/drop-columns.ts";
import type { Migration } from "../../../../mixins/database/migrate.ts";

const profile = {
  nickname: { type: DataTypes.STRING(60), allowNull: true },
  gender: { type: DataTypes.STRING(10), allowNull: true },
  /** `YYYY-MM-DD`. */
  birthday: { type: DataTypes.STRING(10), allowNull: true },
  /** BCP 47 tag. */
  locale: { type: DataTypes.STRING(35), allowNull: true },
  /** 1: looked at products are not recorded. */
  history_off: { type: DataTypes.INTEGER, allowNull: false, defaultValue: 0 },
  /** E.164; only verified numbers. */
  phone: { type: DataTypes.STRING(16), allowNull: true },
  phone_verified_at: { type: DataTypes.BIGINT, allowNull: true },
};

/** What users say of themselves, and their verified phone numbers, of which each belongs to one account. */
export const profileAndPhone: Migration = {
  name: "0011-profile-and-phone.expand",

  async up(query: QueryInterface) {
    for (const [column, type] of Object.entries(profile)) await query.addColumn("users", column, type);
    await query.addIndex("users", ["phone"], { name: "users_phone", unique: true });
  },

  async down(query: QueryInterface) {
    await query.removeIndex("users", "users_phone");
    await dropColumns(query, "users", Object.keys(profile));
  },
};
