import type { QueryOptions, Sequelize } from "sequelize";
import { QueryTypes } from "sequelize";

const writeTypes = new Set<string>([
  QueryTypes.INSERT,
  QueryTypes.UPDATE,
  QueryTypes.BULKUPDATE,
  QueryTypes.DELETE,
  QueryTypes.BULKDELETE,
  QueryTypes.UPSERT,
]);

/**
 * Rejects writes outside a transaction: they bypass the outbox, and in SQLite they would block the process
 * waiting for the open transaction.
 */
export function guardWrites(sequelize: Sequelize): void {
  const query = sequelize.query.bind(sequelize) as (sql: unknown, options?: QueryOptions) => Promise<unknown>;
  const guarded = async (sql: unknown, options?: QueryOptions) => {
    if (options?.type && writeTypes.has(options.type) && !options.transaction)
      throw new Error("a write needs a transaction: pass the tx");
    return query(sql, options);
  };
  sequelize.query = guarded as Sequelize["query"];
}
