import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import { dropColumns } from "../../../../mixins/database/drop-columns.ts";
import type { Migration } from "../../../../mixins/database/migrate.ts";

const momentOrNull = { type: DataTypes.BIGINT, allowNull: true };

/** When payments are queried at their providers, and closed there. Payments made before are not queried. */
export const paymentQueries: Migration = {
  name: "0025-payment-queries.expand",

  async up(query: QueryInterface) {
    await query.addColumn("payments", "closed_at", momentOrNull);
    /** Earliest next query at the provider; null when there is nothing to ask. */
    await query.addColumn("payments", "query_at", momentOrNull);
    await query.addColumn("payments", "queries", {
      type: DataTypes.INTEGER,
      allowNull: false,
      defaultValue: 0,
    });
    await query.addIndex("payments", ["query_at"], { name: "payments_query" });
  },

  async down(query: QueryInterface) {
    await query.removeIndex("payments", "payments_query");
    await dropColumns(query, "payments", ["queries", "query_at", "closed_at"]);
  },
};
