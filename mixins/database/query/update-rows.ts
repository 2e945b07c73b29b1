import type { Database, Row, Tx } from "../database.ts";

/**
 * Updates the same columns of rows with an `id` in one statement.
 *
 * @param within values of indexed columns that the rows share: by ids alone MySQL scans a small table, and waits for
 *   other transactions' locks
 */
export async function updateRows(
  database: Database,
  table: string,
  rows: readonly (Row & { readonly id: string })[],
  tx: Tx,
  within: Row = {},
): Promise<void> {
  if (rows.length === 0) return;
  const columns = Object.keys(rows[0] ?? {}).filter((column) => column !== "id");
  const whens = rows.map(() => "WHEN ? THEN ?").join(" ");
  const assignments = columns.map((column) => `${column} = CASE id ${whens} END`);
  const values = columns.flatMap((column) => rows.flatMap((row) => [row.id, row[column] ?? null]));
  const conditions = [...Object.keys(within).map((column) => `${column} = ?`), "id IN (?)"];
  await database.execute(
    `UPDATE ${table} SET ${assignments.join(", ")} WHERE ${conditions.join(" AND ")}`,
    [...values, ...Object.values(within), rows.map(({ id }) => id)],
    tx,
  );
}
