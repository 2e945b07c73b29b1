import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import { dropColumns } from "../../../../mixins/database/drop-columns.ts";
import type { Migration } from "../../../../mixins/database/migrate.ts";

const tables = ["checkouts", "idempotency_keys"] as const;

/** Digests of stored responses. Existing rows have none; they are removed within a day. */
export const answerDigests: Migration = {
  name: "0012-answer-digests",

  async up(query: QueryInterface) {
    /** See `responseDigest`. */
    for (const table of tables)
      await query.addColumn(table, "response_digest", { type: DataTypes.CHAR(64), allowNull: true });
  },

  async down(query: QueryInterface) {
    for (const table of tables) await dropColumns(query, table, ["response_digest"]);
  },
};
