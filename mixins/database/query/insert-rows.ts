import type { Database, Row, Tx } from "../database.ts";

/** Rows per statement that all supported databases accept. */
const rowsPerInsert = 1000;

/**
 * Inserts rows of the same columns.
 *
 * @param unlessKnown leaves out those whose key exists
 * @param rowsAtOnce of a statement, fewer where rows are large
 */
export async function insertRows(
  database: Database,
  table: string,
  rows: readonly Row[],
  tx: Tx,
  { unlessKnown = false, rowsAtOnce = rowsPerInsert } = {},
): Promise<void> {
  const ignore = database.engine === "sqlite" ? "INSERT OR IGNORE" : "INSERT IGNORE";
  const columns = Object.keys(rows[0] ?? {});
  const marks = `(${columns.map(() => "?").join(", ")})`;
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    const some = rows.slice(from, from + rowsAtOnce);
    await database.execute(
      `${unlessKnown ? ignore : "INSERT"} INTO ${table} (${columns.join(", ")}) VALUES ${some.map(() => marks).join(", ")}`,
      some.flatMap((row) => columns.map((column) => row[column] ?? null)),
      tx,
    );
  }
}
