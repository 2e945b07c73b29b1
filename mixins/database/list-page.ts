import type { Keyset, Page, PageRequest } from "../../services/contract/paging.ts";
import { keyset } from "../../services/contract/paging.ts";
import type { Database, SqlValue } from "./database.ts";
import type { Narrowing } from "./narrowing.ts";
import { idsOf, narrowest } from "./narrowing.ts";

/** A list to be read page by page. */
export interface PagedList<Row, T> {
  /** Columns to select, those that the list can be sorted by and the id among them. */
  readonly columns: string;
  /** What follows FROM; a join in parentheses, since it may become part of another one. */
  readonly from: string;
  /**
   * Conditions with `?` for their value; those whose value is undefined are left out. `{ "role = ?": role }`.
   * An array value gives several `?` their values.
   */
  readonly where: Readonly<Record<string, SqlValue | undefined>>;
  /** Further conditions, which few rows or many may meet. */
  readonly narrowings?: readonly Narrowing[];
  /** The column behind each name that the list can be sorted by; none may be null. */
  readonly sortColumns: Readonly<Record<string, string>>;
  /** A unique column that breaks ties; `id` when absent. */
  readonly idColumn?: string;
  readonly request: PageRequest;
  readonly present: (row: Row) => T;
}

/** So many rows are sorted in no time, and of more than that a page is found soon by reading along. */
const fewRows = 1000;

interface Condition {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

/**
 * Reads one page by keyset, and counts all rows when the request asks for it.
 *
 * A page costs the same in a list of any length. When few rows meet one of the narrowings, these are sorted; else rows are
 * read in the order that is asked for, along an index, until the page is full. Which of the two it is decided here
 * and not by the database: on a guess too many it sorts half a million rows to show twenty.
 *
 * @param few how many are not few any more
 */
export async function listPage<Row extends object, T>(database: Database, list: PagedList<Row, T>, few = fewRows): Promise<Page<T>> {
  const { request, from, idColumn = "id", narrowings = [] } = list;
  const where = Object.entries(list.where)
    .filter((entry): entry is [string, SqlValue] => entry[1] !== undefined)
    .map(([sql, value]) => ({ sql, values: Array.isArray(value) ? (value as SqlValue[]) : [value] }));
  const keys = keyset(request, list.sortColumns, idColumn);
  const reading = { ...list, idColumn, where, keys };
  const driving = await narrowest(database, narrowings, { from, idColumn }, few);
  const rows = driving ? await amongFew<Row>(database, reading, driving, few) : await inOrder<Row>(database, reading);
  const page = keys.page(rows, list.present);
  if (!request.count) return page;
  const all = together([...where, ...narrowings.map((each) => ({ sql: `${idColumn} IN (${idsOf(each)})`, values: each.values }))]);
  const [counted] = await database.select<{ total: number }>(`SELECT COUNT(*) AS total FROM ${from} WHERE ${all.sql}`, all.values);
  return { ...page, total: counted?.total ?? 0 };
}

type Reading = Pick<PagedList<never, never>, "columns" | "from" | "narrowings" | "request"> & {
  readonly idColumn: string;
  readonly where: readonly Condition[];
  readonly keys: Keyset;
};

/** Sorts all that meet one narrowing; what else is shown of a row is read for the page only. */
async function amongFew<Row extends object>(database: Database, reading: Reading, driving: Narrowing, few: number): Promise<Row[]> {
  const { from, idColumn, where, narrowings = [], keys, request } = reading;
  // Those that are one with others are not among them: then it is asked twice of few rows.
  const { sql, values } = together([...where, ...probesOf(narrowings.filter((other) => other !== driving)), keys.after]);
  return database.select<Row>(
    shownRows(
      database,
      reading,
      `FROM (${idsOf(driving)} LIMIT ?) found ${database.joinInOrder} ${from} ON ${idColumn} = found.found_id
       WHERE ${sql} ORDER BY ${keys.orderBy} LIMIT ?`,
    ),
    // There may be some more by now than were counted.
    [...driving.values, 2 * few - 1, ...values, request.limit + 1],
  );
}

/**
 * Behind a cursor, ids come first: an index that holds all that is asked of it is read from there on, while MariaDB, which has
 * to look up rows as well, would rather begin at the first one of the same status.
 */
async function inOrder<Row extends object>(database: Database, reading: Reading): Promise<Row[]> {
  const { columns, from, where, narrowings = [], keys, request } = reading;
  const conditions = [...where, ...probesOf(narrowings), keys.after];
  const { sql, values } = together([...conditions, ...(await edgeOf(database, conditions, reading))]);
  const page = `FROM ${from} WHERE ${sql} ORDER BY ${keys.orderBy} LIMIT ?`;
  const whole = request.cursor === undefined ? `SELECT ${columns} ${page}` : shownRows(database, reading, page);
  return database.select<Row>(whole, [...values, request.limit + 1]);
}

/** Selects what is shown of the rows of a page, of which `found` tells the ids: `FROM` and what follows. */
function shownRows(database: Database, { columns, from, idColumn, keys }: Reading, found: string): string {
  return `SELECT ${columns} FROM (SELECT ${idColumn} AS shown_id ${found}) shown
     ${database.joinInOrder} ${from} ON ${idColumn} = shown.shown_id ORDER BY ${keys.orderBy}`;
}

/**
 * No index serves an order by several columns. But the page ends where it would if it were sorted by the first of them alone,
 * or within what is equal there: only so much has to be sorted.
 */
async function edgeOf(database: Database, conditions: readonly Condition[], { from, keys, request }: Reading): Promise<Condition[]> {
  const [first, ...others] = keys.sortedBy;
  if (!first || others.length === 0) return [];
  const { sql, values } = together(conditions);
  const direction = first.descending ? "DESC" : "ASC";
  const [last] = await database.select<{ edge: string | number }>(
    `SELECT ${first.column} AS edge FROM ${from} WHERE ${sql} ORDER BY ${first.column} ${direction} LIMIT 1 OFFSET ?`,
    [...values, request.limit],
  );
  return last ? [{ sql: `${first.column} ${first.descending ? ">=" : "<="} ?`, values: [last.edge] }] : [];
}

function probesOf(narrowings: readonly Narrowing[]): Condition[] {
  return narrowings.map(({ probe, probeValues }) => ({ sql: probe, values: probeValues }));
}

function together(conditions: readonly Condition[]): { sql: string; values: SqlValue[] } {
  return { sql: conditions.map(({ sql }) => sql).join(" AND ") || "1 = 1", values: conditions.flatMap(({ values }) => values) };
}
