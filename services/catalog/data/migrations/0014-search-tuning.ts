import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import type { Migration } from "../../../../mixins/database/migrate.ts";

const id = DataTypes.CHAR(36);
const moment = { type: DataTypes.BIGINT, allowNull: false };
/** Text compared by code points in every database. */
const exactText = (length: number) => DataTypes.STRING(length, true);

/** Synonyms, and products that staff show first in a search. */
export const searchTuning: Migration = {
  name: "0014-search-tuning.expand",

  async up(query: QueryInterface) {
    await query.createTable("search_synonyms", {
      id: { type: id, primaryKey: true },
      /** JSON array. */
      words: { type: DataTypes.TEXT, allowNull: false },
      /** Null where all words mean the same. */
      from_word: { type: exactText(40), allowNull: true },
      version: { type: DataTypes.INTEGER, allowNull: false },
      created_at: moment,
      updated_at: moment,
    });
    await query.addIndex("search_synonyms", ["created_at", "id"], { name: "search_synonyms_by_age" });

    await query.createTable("search_pins", {
      id: { type: id, primaryKey: true },
      /** Folded. */
      query: { type: exactText(100), allowNull: false, unique: true },
      version: { type: DataTypes.INTEGER, allowNull: false },
      created_at: moment,
      updated_at: moment,
    });
    await query.createTable("search_pin_products", {
      pin_id: { type: id, primaryKey: true },
      product_id: { type: id, primaryKey: true },
      position: { type: DataTypes.INTEGER, allowNull: false },
    });
    await query.addIndex("search_pin_products", ["product_id"], { name: "search_pins_of_product" });
  },

  async down(query: QueryInterface) {
    for (const table of ["search_pin_products", "search_pins", "search_synonyms"])
      await query.dropTable(table);
  },
};
