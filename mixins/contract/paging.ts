import { z } from "zod";
import { ShopError } from "./errors.ts";

/**
 * Keyset pagination: a cursor names the last row of a page. A page costs the same at any depth, and inserts
 * or deletes neither repeat nor skip rows.
 */

export const defaultLimit = 20;
export const maxLimit = 100;
/** Counting stops here, because it reads every row. */
export const maxCount = 10_000;

/**
 * Params of every list.
 *
 * @param sortable names to sort by, e.g. `["createdAt", "name"]`
 * @param defaultSort comma-separated, `-` for descending, e.g. `-createdAt`
 */
export function pageParams(sortable: readonly string[], defaultSort: string) {
  const term = `-?(?:${sortable.join("|")})`;
  return {
    limit: z.int().min(1).max(maxLimit).default(defaultLimit),
    cursor: z
      .string()
      .max(1000)
      .optional()
      .describe("`nextCursor` of the page before; keep the sort the same"),
    sort: z
      .string()
      .max(200)
      .regex(
        new RegExp(`^${term}(?:,${term})*$`),
        `must be some of ${sortable.join(", ")}, each with - for descending`,
      )
      .default(defaultSort)
      .describe(`Comma-separated: ${sortable.join(", ")}; \`-\` in front for descending`),
    count: z
      .boolean()
      .default(false)
      .describe(`Whether to count all rows into \`total\`; counting stops after ${maxCount}`),
  };
}

/** One page of a list. */
export function page<T extends z.core.$ZodType>(item: T) {
  return z.strictObject({
    items: z.array(item),
    nextCursor: z.string().nullable().describe("Pass it as `cursor` for the next page; null on the last one"),
    total: z.int().optional().describe("With `count=true`: the number of rows"),
    totalIsExact: z.literal(false).optional().describe("Present when `total` is a lower bound"),
  });
}

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
  /** At most `maxCount`. */
  total?: number;
  /** Set when there are this many rows or more. */
  totalIsExact?: false;
}

export interface PageRequest {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly sort: string;
  readonly count: boolean;
}

type KeyValue = string | number;

/**
 * The SQL of one page: a condition for rows after the cursor, an order, and a function that cuts the rows to
 * the page.
 */
export interface Keyset {
  /** SQL for WHERE, with `?`: rows after the cursor; `1 = 1` on the first page. */
  readonly after: { readonly sql: string; readonly values: readonly KeyValue[] };
  /** The requested sort keys, without the id. */
  readonly sortedBy: readonly SortKey[];
  /** SQL for ORDER BY; ends with the id, which makes the order total. */
  readonly orderBy: string;
  /** Takes `limit + 1` rows; the extra row tells whether a next page exists. */
  page<Row extends object, T>(rows: readonly Row[], present: (row: Row) => T): Page<T>;
}

/**
 * @param columns the column (with its table's alias, if any) behind each sortable name; none may be null
 * @param idColumn a unique column that breaks ties
 * @throws ShopError `validation-failed` when the cursor belongs to another list or sort
 */
export function keyset(
  request: PageRequest,
  columns: Readonly<Record<string, string>>,
  idColumn = "id",
): Keyset {
  const wanted = request.sort.split(",").map((term) => sortKey(term, columns));
  // The tie-breaker has the last key's direction, so that one index serves the whole order.
  const keys = [...wanted, { column: idColumn, descending: wanted.at(-1)?.descending ?? false }];
  const after =
    request.cursor === undefined ? undefined : readCursor(request.cursor, request.sort, keys.length);
  return {
    after: after ? conditionAfter(keys, after) : { sql: "1 = 1", values: [] },
    sortedBy: wanted,
    orderBy: keys.map(({ column, descending }) => `${column} ${descending ? "DESC" : "ASC"}`).join(", "),
    page(rows, present) {
      const shown = rows.slice(0, request.limit);
      const last = shown.at(-1);
      const more = rows.length > request.limit && last !== undefined;
      return {
        items: shown.map(present),
        nextCursor: more
          ? writeCursor(
              request.sort,
              keys.map(({ column }) => valueOf(last, column)),
            )
          : null,
      };
    },
  };
}

/** A column to sort by. */
export interface SortKey {
  readonly column: string;
  readonly descending: boolean;
}

function sortKey(term: string, columns: Readonly<Record<string, string>>): SortKey {
  const descending = term.startsWith("-");
  const column = columns[descending ? term.slice(1) : term];
  if (!column) throw new Error(`the list cannot be sorted by ${term}`);
  return { column, descending };
}

/**
 * `a >= ? AND (a > ? OR (a = ? AND (b < ? OR (b = ? AND id > ?))))`. The redundant first comparison starts
 * the index scan at the cursor on databases that would otherwise start it at the beginning.
 */
function conditionAfter(keys: readonly SortKey[], after: readonly KeyValue[]) {
  const values: KeyValue[] = [];
  const from = (index: number): string => {
    const key = keys[index];
    const value = after[index];
    if (!key || value === undefined) return "1 = 0";
    const comparison = `${key.column} ${key.descending ? "<" : ">"} ?`;
    values.push(value);
    if (index === keys.length - 1) return comparison;
    values.push(value);
    return `(${comparison} OR (${key.column} = ? AND ${from(index + 1)}))`;
  };
  const condition = from(0);
  const [first, value] = [keys[0], after[0]];
  if (!first || value === undefined || keys.length === 1) return { sql: condition, values };
  return {
    sql: `${first.column} ${first.descending ? "<=" : ">="} ? AND ${condition}`,
    values: [value, ...values],
  };
}

function valueOf(row: object, column: string): KeyValue {
  const value: unknown = Reflect.get(row, column.slice(column.lastIndexOf(".") + 1));
  if (typeof value === "string" || typeof value === "number") return value;
  throw new Error(`a list sorted by ${column} must select it, and it must not be null`);
}

function writeCursor(sort: string, values: readonly KeyValue[]): string {
  return Buffer.from(JSON.stringify([sort, ...values])).toString("base64url");
}

const cursorContent = z.tuple([z.string()], z.union([z.string(), z.number()]));

function readCursor(cursor: string, sort: string, length: number): KeyValue[] {
  let content: unknown;
  try {
    content = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
  } catch {
    content = undefined;
  }
  const read = cursorContent.safeParse(content);
  if (read.success) {
    const [sortedBy, ...values] = read.data;
    if (sortedBy === sort && values.length === length) return values;
  }
  const message = "is not a cursor of this list in this order";
  throw new ShopError("validation-failed", undefined, {
    errors: [{ path: "cursor", code: "invalid-cursor", message }],
  });
}
