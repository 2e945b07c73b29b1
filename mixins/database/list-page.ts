import type { Page, PageRequest } from "../../services/contract/paging.ts";
import { keyset } from "../../services/contract/paging.ts";
import type { Database, SqlValue } from "./database.ts";

/** A list to be read page by page. */
export interface PagedList<Row, T> {
  /** Columns to select, those that the list can be sorted by and the id among them. */
  readonly columns: string;
  /** What follows FROM. */
  readonly from: string;
  /**
   * Conditions with `?` for their value; those whose value is undefined are left out. `{ "role = ?": role }`.
   * An array value gives several `?` their values.
   */
  readonly where: Readonly<Record<string, SqlValue | undefined>>;
  /** The column behind each name that the list can be sorted by; none may be null. */
  readonly sortColumns: Readonly<Record<string, string>>;
  /** A unique column that breaks ties; `id` when absent. */
  readonly idColumn?: string;
  readonly request: PageRequest;
  readonly present: (row: Row) => T;
}

/** Reads one page by keyset, and counts all rows when the request asks for it. */
export async function listPage<Row extends object, T>(database: Database, list: PagedList<Row, T>): Promise<Page<T>> {
  const { request, from } = list;
  const conditions = Object.entries(list.where).filter((entry): entry is [string, SqlValue] => entry[1] !== undefined);
  const where = conditions.map(([condition]) => condition).join(" AND ") || "1 = 1";
  const values = conditions.flatMap(([, value]) => (Array.isArray(value) ? (value as SqlValue[]) : [value]));
  const keys = keyset(request, list.sortColumns, list.idColumn);
  const rows = await database.select<Row>(
    `SELECT ${list.columns} FROM ${from} WHERE ${where} AND ${keys.condition} ORDER BY ${keys.orderBy} LIMIT ?`,
    [...values, ...keys.values, request.limit + 1],
  );
  const page = keys.page(rows, list.present);
  if (!request.count) return page;
  const sql = `SELECT COUNT(*) AS total FROM ${from} WHERE ${where}`;
  const [counted] = await database.select<{ total: number }>(sql, values);
  return { ...page, total: counted?.total ?? 0 };
}
