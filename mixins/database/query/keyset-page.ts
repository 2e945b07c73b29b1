import type { Keyset, Page, PageRequest } from "../../contract/paging.ts";
import { keyset, maxCount } from "../../contract/paging.ts";
import type { Database, SqlValue } from "../database.ts";
import type { SelectiveFilter } from "./selective-filter.ts";
import { fewestMatches, matchingIds, mostSelective } from "./selective-filter.ts";

/** A list to read by keyset pages. */
export interface PagedList<Row, T> {
  /** Selected columns, including all sort columns and the id. */
  readonly columns: string;
  /** The FROM clause; joins in parentheses, because it may become part of another join. */
  readonly from: string;
  /** A LEFT JOIN of at most one row each, for columns that are only shown: neither filtered nor sorted by. */
  readonly joinShown?: string;
  /**
   * Conditions with `?` for their value, e.g. `{ "role = ?": role }`; undefined values are omitted. An array
   * fills several `?`.
   */
  readonly where: Readonly<Record<string, SqlValue | undefined>>;
  /** Indexed filters of unknown selectivity. */
  readonly selectiveFilters?: readonly SelectiveFilter[];
  /** Column of each sort key; not nullable. */
  readonly sortColumns: Readonly<Record<string, string>>;
  /** Unique tie-breaker column; default `id`. */
  readonly idColumn?: string;
  readonly request: PageRequest;
  readonly present: (row: Row) => T;
}

/** Fewer matches than this are sorted; with more, a scan along the sort index soon fills a page. */
const defaultSelectiveBelow = 1000;

interface Condition {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

/**
 * Reads one page by keyset and, on request, counts all rows up to `maxCount`. The cost of a page does not
 * depend on the list's length: matches of a selective filter are sorted, otherwise the sort index is scanned
 * until the page is full. The choice is made here, because the planner's estimate may sort half a million
 * rows for a page of twenty.
 *
 * @param selectiveBelow row count below which a filter is selective
 */
export async function readKeysetPage<Row extends object, T>(
  database: Database,
  list: PagedList<Row, T>,
  selectiveBelow = defaultSelectiveBelow,
): Promise<Page<T>> {
  const { request, from, idColumn = "id", selectiveFilters = [] } = list;
  const where = Object.entries(list.where)
    .filter((entry): entry is [string, SqlValue] => entry[1] !== undefined)
    .map(([sql, value]) => ({ sql, values: Array.isArray(value) ? (value as SqlValue[]) : [value] }));
  const keys = keyset(request, list.sortColumns, idColumn);
  const query = { ...list, idColumn, where, keys };
  const driving = await mostSelective(database, selectiveFilters, { from, idColumn }, selectiveBelow);
  const rows = driving
    ? await viaSelectiveFilter<Row>(database, query, driving, selectiveBelow)
    : await viaSortIndex<Row>(database, query);
  const page = keys.page(rows, list.present);
  if (!request.count) return page;
  return { ...page, ...(await countRows(database, query, driving, selectiveBelow)) };
}

/**
 * Counts the rows of all pages, reading at most `maxCount` rows of the most selective filter, or of the list.
 */
async function countRows(
  database: Database,
  query: ListQuery,
  driving: SelectiveFilter | undefined,
  selectiveBelow: number,
): Promise<Counted> {
  const { from, where, selectiveFilters = [] } = query;
  const limit = maxCount + 1;
  const least = driving
    ? { filter: driving, count: 0 }
    : await fewestMatches(database, selectiveFilters, limit);
  const rest = conjunction(where);
  const rows = least
    ? fromSelectiveFilter(database, query, least.filter, driving ? 2 * selectiveBelow - 1 : limit, where)
    : { sql: `FROM ${from} WHERE ${rest.sql}`, values: rest.values };
  const sql = `SELECT COUNT(*) AS total FROM (SELECT 1 ${rows.sql} LIMIT ?) counted`;
  const [{ total } = { total: 0 }] = await database.select<{ total: number }>(sql, [...rows.values, limit]);
  const isExact = total <= maxCount && (least?.count ?? 0) <= maxCount;
  return isExact ? { total } : { total: Math.min(total, maxCount), totalIsExact: false };
}

type Counted = Pick<Page<never>, "total" | "totalIsExact">;

type ListQuery = Pick<
  PagedList<never, never>,
  "columns" | "from" | "joinShown" | "selectiveFilters" | "request"
> & {
  readonly idColumn: string;
  readonly where: readonly Condition[];
  readonly keys: Keyset;
};

/** Sorts the matches of the selective filter; reads the other columns for the page's rows only. */
async function viaSelectiveFilter<Row extends object>(
  database: Database,
  query: ListQuery,
  driving: SelectiveFilter,
  selectiveBelow: number,
): Promise<Row[]> {
  const { where, keys, request } = query;
  // Rows may have been added since the count.
  const { sql, values } = fromSelectiveFilter(database, query, driving, 2 * selectiveBelow - 1, [
    ...where,
    keys.after,
  ]);
  return database.select<Row>(selectByIds(database, query, `${sql} ORDER BY ${keys.orderBy} LIMIT ?`), [
    ...values,
    request.limit + 1,
  ]);
}

/** FROM clause for the matches of the selective filter that meet all other filters and conditions. */
function fromSelectiveFilter(
  database: Database,
  { from, idColumn, selectiveFilters = [] }: Pick<ListQuery, "from" | "idColumn" | "selectiveFilters">,
  driving: SelectiveFilter,
  limit: number,
  conditions: readonly Condition[],
): Condition {
  // A combined filter also contains the others: they are evaluated twice, for few rows.
  const { sql, values } = conjunction([
    ...conditions,
    ...predicatesOf(selectiveFilters.filter((other) => other !== driving)),
  ]);
  return {
    sql: `FROM (${matchingIds(driving)} LIMIT ?) found ${database.straightJoin} ${from} ON ${idColumn} = found.found_id WHERE ${sql}`,
    values: [...driving.values, limit, ...values],
  };
}

/**
 * Scans the sort index. Behind a cursor it selects ids first: with a covering index MariaDB starts at the
 * cursor, while with row lookups it would start at the first row of the same status.
 */
async function viaSortIndex<Row extends object>(database: Database, query: ListQuery): Promise<Row[]> {
  const { columns, from, joinShown = "", where, selectiveFilters = [], keys, request } = query;
  const conditions = [...where, ...predicatesOf(selectiveFilters), keys.after];
  const { sql, values } = conjunction([...conditions, ...(await sortBoundary(database, conditions, query))]);
  const rest = `WHERE ${sql} ORDER BY ${keys.orderBy} LIMIT ?`;
  const whole =
    request.cursor === undefined
      ? `SELECT ${columns} FROM ${from} ${joinShown} ${rest}`
      : selectByIds(database, query, `FROM ${from} ${rest}`);
  return database.select<Row>(whole, [...values, request.limit + 1]);
}

/** Selects the shown columns of a page's rows. `found`: FROM clause that yields the ids. */
function selectByIds(
  database: Database,
  { columns, from, joinShown = "", idColumn, keys }: ListQuery,
  found: string,
): string {
  return `SELECT ${columns} FROM (SELECT ${idColumn} AS shown_id ${found}) shown
     ${database.straightJoin} ${from} ON ${idColumn} = shown.shown_id ${joinShown} ORDER BY ${keys.orderBy}`;
}

/**
 * Bounds a sort by several columns, which no index serves. The page ends within the rows equal in the first
 * column at position `limit`, so only rows up to there need sorting.
 */
async function sortBoundary(
  database: Database,
  conditions: readonly Condition[],
  { from, keys, request }: ListQuery,
): Promise<Condition[]> {
  const [first, ...others] = keys.sortedBy;
  if (!first || others.length === 0) return [];
  const { sql, values } = conjunction(conditions);
  const direction = first.descending ? "DESC" : "ASC";
  const [last] = await database.select<{ edge: string | number }>(
    `SELECT ${first.column} AS edge FROM ${from} WHERE ${sql} ORDER BY ${first.column} ${direction} LIMIT 1 OFFSET ?`,
    [...values, request.limit],
  );
  return last ? [{ sql: `${first.column} ${first.descending ? ">=" : "<="} ?`, values: [last.edge] }] : [];
}

function predicatesOf(filters: readonly SelectiveFilter[]): Condition[] {
  return filters.map(({ predicate, predicateValues }) => ({ sql: predicate, values: predicateValues }));
}

function conjunction(conditions: readonly Condition[]): { sql: string; values: SqlValue[] } {
  return {
    sql: conditions.map(({ sql }) => sql).join(" AND ") || "1 = 1",
    values: conditions.flatMap(({ values }) => values),
  };
}
