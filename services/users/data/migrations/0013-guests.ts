import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import type { Migration } from "../../../../mixins/database/migrate.ts";

/** Customers without an account, their orders, and the tokens of these. Times are milliseconds since the Unix epoch. */
export const guests: Migration = {
  name: "0013-guests.expand",

  async up(query: QueryInterface) {
    await query.createTable("guests", {
      /** A customer id, which orders refer to. */
      id: { type: DataTypes.CHAR(36), primaryKey: true },
      /** Null once the guest is claimed or deleted; the next order with the address is another guest's. */
      email: { type: DataTypes.STRING(254), allowNull: true, unique: true },
      created_at: { type: DataTypes.BIGINT, allowNull: false },
      last_order_at: { type: DataTypes.BIGINT, allowNull: false },
      /** The account that the guest's orders went to. */
      claimed_by: { type: DataTypes.CHAR(36), allowNull: true },
      claimed_at: { type: DataTypes.BIGINT, allowNull: true },
      deleted_at: { type: DataTypes.BIGINT, allowNull: true },
    });
    await query.addIndex("guests", ["last_order_at"], { name: "guests_by_age" });

    await query.createTable("guest_orders", {
      order_id: { type: DataTypes.CHAR(36), primaryKey: true },
      guest_id: { type: DataTypes.CHAR(36), allowNull: false },
      number: { type: DataTypes.STRING(20), allowNull: false, unique: true },
      phone: { type: DataTypes.STRING(16), allowNull: true },
      locale: { type: DataTypes.STRING(35), allowNull: true },
      placed_at: { type: DataTypes.BIGINT, allowNull: false },
    });
    await query.addIndex("guest_orders", ["guest_id"], { name: "guest_orders_of_guest" });

    await query.createTable("order_tokens", {
      /** SHA-256 of the token; the token itself is not stored. */
      token_hash: { type: DataTypes.CHAR(64), primaryKey: true },
      order_id: { type: DataTypes.CHAR(36), allowNull: false },
      guest_id: { type: DataTypes.CHAR(36), allowNull: false },
      expires_at: { type: DataTypes.BIGINT, allowNull: false },
    });
    await query.addIndex("order_tokens", ["guest_id"], { name: "order_tokens_of_guest" });
    await query.addIndex("order_tokens", ["expires_at"], { name: "order_tokens_expiry" });
  },

  async down(query: QueryInterface) {
    for (const table of ["order_tokens", "guest_orders", "guests"]) await query.dropTable(table);
  },
};
