import type { Row, SqlValue } from "../types.ts";

/**
 * What becomes of a column when the row exists: `add` adds up, `greatest` keeps the greater value, `replace` takes the
 * new one, and `{ newerBy }` takes it if the named column of the new row is greater.
 */
export type UpsertRule = "add" | "greatest" | "replace" | { readonly newerBy: string };

export interface Upsert {
  readonly table: string;
  /** Columns of its primary key, the table's only unique key. */
  readonly key: readonly string[];
  /** Columns that change in an existing row, in this order; one named by `newerBy` comes after those it decides. */
  readonly set: Readonly<Record<string, UpsertRule>>;
}

/** Both engines accept as many placeholders in a statement. */
const maxValues = 20_000;

/**
 * Statements that insert rows and combine each with the row that exists. Rows are locked in the given order.
 *
 * @param rows with the same columns in the same order
 */
export function upsertStatements(
  engine: "sqlite" | "mysql",
  { table, key, set }: Upsert,
  rows: readonly Row[],
): { readonly sql: string; readonly values: SqlValue[] }[] {
  const [first] = rows;
  if (!first) return [];
  const columns = Object.keys(first);
  const fresh = (column: string) => (engine === "sqlite" ? `excluded.${column}` : `VALUES(${column})`);
  const greatest = engine === "sqlite" ? "MAX" : "GREATEST";
  const valueOf = (column: string, rule: UpsertRule): string => {
    if (rule === "add") return `${table}.${column} + ${fresh(column)}`;
    if (rule === "greatest") return `${greatest}(${table}.${column}, ${fresh(column)})`;
    if (rule === "replace") return fresh(column);
    const by = rule.newerBy;
    return `CASE WHEN ${fresh(by)} > ${table}.${by} THEN ${fresh(column)} ELSE ${table}.${column} END`;
  };
  const assignments = Object.entries(set).map(([column, rule]) => `${column} = ${valueOf(column, rule)}`);
  const onConflict =
    engine === "sqlite" ? `ON CONFLICT (${key.join(", ")}) DO UPDATE SET` : "ON DUPLICATE KEY UPDATE";
  const marks = `(${columns.map(() => "?").join(", ")})`;
  const statements = [];
  const perStatement = Math.floor(maxValues / columns.length);
  for (let from = 0; from < rows.length; from += perStatement) {
    const some = rows.slice(from, from + perStatement);
    statements.push({
      sql: `INSERT INTO ${table} (${columns.join(", ")}) VALUES ${some.map(() => marks).join(", ")}
            ${onConflict} ${assignments.join(", ")}`,
      values: some.flatMap((row) => columns.map((column) => row[column] ?? null)),
    });
  }
  return statements;
}
