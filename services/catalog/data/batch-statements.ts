import type { Database, SqlValue, Tx } from "../../../mixins/database/database.ts";

/** An empty list in `IN (?)` matches no rows, so the query is skipped. */
export async function selectWhereIn<R extends object>(
  database: Database,
  sql: string,
  values: readonly SqlValue[],
  tx?: Tx,
): Promise<R[]> {
  return values.some((value) => Array.isArray(value) && value.length === 0)
    ? []
    : database.select<R>(sql, values, tx);
}
