import type { Database, SqlValue, Tx } from "../../../mixins/database/database.ts";

export type Row = Readonly<Record<string, SqlValue>>;

/** Limit of SQLite's parameters; keeps statements below the servers' default packet size. */
const valuesAtOnce = 12_000;
const rowsAtOnce = 1000;

export const origin = { actor: { kind: "system", id: "bench" }, requestId: "bench" } as const;

/** Inserts rows with equal columns, many per statement. */
export async function bulkInsert(
  database: Database,
  table: string,
  rows: readonly Row[],
  tx: Tx,
): Promise<void> {
  const [first] = rows;
  if (!first) return;
  const columns = Object.keys(first);
  const atOnce = Math.min(rowsAtOnce, Math.floor(valuesAtOnce / columns.length));
  const mark = `(${columns.map(() => "?").join(", ")})`;
  for (let from = 0; from < rows.length; from += atOnce) {
    const part = rows.slice(from, from + atOnce);
    const sql = `INSERT INTO ${table} (${columns.join(", ")}) VALUES ${part.map(() => mark).join(", ")}`;
    await database.execute(
      sql,
      part.flatMap((row) => columns.map((column) => row[column] ?? null)),
      tx,
    );
  }
}

/** Inserts generated rows 0 to `count` − 1, ten thousand per transaction. */
export async function fill(
  database: Database,
  count: number,
  make: (index: number) => Readonly<Record<string, readonly Row[]>>,
): Promise<void> {
  const together = 10_000;
  for (let from = 0; from < count; from += together) {
    const tables = new Map<string, Row[]>();
    for (let index = from; index < Math.min(count, from + together); index += 1)
      for (const [table, rows] of Object.entries(make(index))) {
        const all = tables.get(table) ?? [];
        all.push(...rows);
        tables.set(table, all);
      }
    await database.transaction(origin, async (tx) => {
      for (const [table, rows] of tables) await bulkInsert(database, table, rows, tx);
    });
  }
}
