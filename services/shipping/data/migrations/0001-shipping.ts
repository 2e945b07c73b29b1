import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import { mediumText } from "../../../../mixins/database/column-types.ts";
import type { Migration } from "../../../../mixins/database/migrate.ts";
import { createInboxTable } from "../../../../mixins/events/inbox-table.ts";
import { createOutboxTable } from "../../../../mixins/events/outbox-table.ts";

const id = DataTypes.CHAR(36);
const number = { type: DataTypes.INTEGER, allowNull: false };
const moment = { type: DataTypes.BIGINT, allowNull: false };
const times = { version: number, created_at: moment, updated_at: moment };
/** Null for the mall. */
const merchant = { type: id, allowNull: true };

/** Times are milliseconds since the Unix epoch. */
export const shippingZones: Migration = {
  name: "0001-shipping",

  async up(query: QueryInterface) {
    /** Serializes changes of one merchant's zones; `mall` for the mall's. */
    await query.createTable("zone_owners", { owner: { type: id, primaryKey: true }, changes: number });
    await query.createTable("shipping_zones", {
      id: { type: id, primaryKey: true },
      merchant_id: merchant,
      name: { type: DataTypes.STRING(120), allowNull: false },
      /** JSON. */
      areas: { type: mediumText, allowNull: false },
      ...times,
    });
    await query.createTable("shipping_methods", {
      id: { type: id, primaryKey: true },
      zone_id: { type: id, allowNull: false },
      merchant_id: merchant,
      kind: { type: DataTypes.STRING(10), allowNull: false },
      name: { type: DataTypes.STRING(120), allowNull: false },
      description: { type: DataTypes.TEXT, allowNull: false },
      /** JSON: in other languages than the default; null for none. */
      texts: { type: mediumText, allowNull: true },
      enabled: number,
      position: number,
      /** JSON: prices, days, windows and pickup points. */
      terms: { type: mediumText, allowNull: false },
      ...times,
    });
    for (const table of ["shipping_zones", "shipping_methods"]) {
      await query.addIndex(table, ["created_at", "id"], { name: `${table}_created` });
      await query.addIndex(table, ["merchant_id", "created_at", "id"], { name: `${table}_of_merchant` });
    }
    await query.addIndex("shipping_methods", ["zone_id", "created_at", "id"], {
      name: "shipping_methods_of_zone",
    });
    await createOutboxTable(query);
    await createInboxTable(query);
  },

  async down(query: QueryInterface) {
    for (const table of ["inbox", "outbox", "shipping_methods", "shipping_zones", "zone_owners"])
      await query.dropTable(table);
  },
};
