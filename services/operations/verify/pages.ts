import type { Database } from "../../../mixins/database/database.ts";
import type { Scope, Subject } from "../../../mixins/database/invariant.ts";

/** A table in one service's database. */
export interface Paged extends Subject {
  readonly database: Database;
}

export const pageSize = 2000;

/**
 * Key ranges that together cover every row of the tables, each with at most `pageSize` rows per table. Keys
 * are lower-case UUIDs, which all engines sort alike.
 */
export async function* pages(subjects: readonly Paged[]): AsyncGenerator<Scope> {
  let after = "";
  for (;;) {
    const ends = await Promise.all(subjects.map((subject) => endOfPage(subject, after)));
    const [upTo] = ends.filter((end) => end !== undefined).sort();
    yield { after, upTo };
    if (upTo === undefined) return;
    after = upTo;
  }
}

/** @returns undefined when at most one page is left */
async function endOfPage(
  { database, table, key, where = "1 = 1", rowsPerPage = pageSize }: Paged,
  after: string,
): Promise<string | undefined> {
  const sql = `SELECT ${key} AS last FROM ${table} WHERE ${where} AND ${key} > ? ORDER BY ${key} LIMIT 1 OFFSET ?`;
  const [row] = await database.select<{ last: string }>(sql, [after, rowsPerPage - 1]);
  return row?.last;
}

export async function countRows({ database, table, where = "1 = 1" }: Paged): Promise<number> {
  const [row] = await database.select<{ n: number }>(`SELECT COUNT(*) AS n FROM ${table} WHERE ${where}`);
  return row?.n ?? 0;
}
