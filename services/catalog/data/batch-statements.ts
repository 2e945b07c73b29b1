import type { Database, SqlValue, Tx } from "../../../mixins/database/database.ts";
import type { Row } from "../../../mixins/database/types.ts";

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

/** Updates the same columns of rows with an `id` in one statement. */
export async function updateRows(
  database: Database,
  table: string,
  rows: readonly (Row & { readonly id: string })[],
  tx: Tx,
): Promise<void> {
  if (rows.length === 0) return;
  const columns = Object.keys(rows[0] ?? {}).filter((column) => column !== "id");
  const whens = rows.map(() => "WHEN ? THEN ?").join(" ");
  const assignments = columns.map((column) => `${column} = CASE id ${whens} END`);
  const values = columns.flatMap((column) => rows.flatMap((row) => [row.id, row[column] ?? null]));
  await database.execute(
    `UPDATE ${table} SET ${assignments.join(", ")} WHERE id IN (?)`,
    [...values, rows.map(({ id }) => id)],
    tx,
  );
}
