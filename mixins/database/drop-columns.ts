import type { QueryInterface } from "sequelize";

/** Drops columns of a table. Sequelize's removeColumn would recreate the SQLite table without its indexes. */
export async function dropColumns(
  query: QueryInterface,
  table: string,
  columns: readonly string[],
): Promise<void> {
  for (const column of columns) await query.sequelize.query(`ALTER TABLE ${table} DROP COLUMN ${column}`);
}
