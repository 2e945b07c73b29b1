import type { QueryOptions, Sequelize } from "sequelize";
import { QueryTypes } from "sequelize";

const writes = new Set<string>([
  QueryTypes.INSERT,
  QueryTypes.UPDATE,
  QueryTypes.BULKUPDATE,
  QueryTypes.DELETE,
  QueryTypes.BULKDELETE,
  QueryTypes.UPSERT,
]);

/**
 * A write outside a transaction could not publish its events with itself, and in SQLite it would wait, blocking the
 * process, for the transaction that it runs beside. Such a write is a mistake in the code and fails at once.
 */
export function refuseWritesOutsideTransactions(sequelize: Sequelize): void {
  const query = sequelize.query.bind(sequelize) as (sql: unknown, options?: QueryOptions) => Promise<unknown>;
  const guarded = async (sql: unknown, options?: QueryOptions) => {
    if (options?.type && writes.has(options.type) && !options.transaction)
      throw new Error("a write needs a transaction: pass the tx");
    return query(sql, options);
  };
  sequelize.query = guarded as Sequelize["query"];
}
