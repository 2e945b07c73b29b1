import { z } from "zod";
import { ShopError } from "./errors.ts";

/**
 * Lists are paged by keyset: a cursor names the last row seen, so that a page costs the same however deep it lies
 * and no row is shown twice or skipped because others came or went.
 */

export const defaultLimit = 20;
export const maxLimit = 100;

/**
 * The params of every list.
 *
 * @param sortable what the list can be sorted by, e.g. `["createdAt", "name"]`
 * @param defaultSort comma-separated, `-` for descending, e.g. `-createdAt`
 */
export function pageParams(sortable: readonly string[], defaultSort: string) {
  const term = `-?(?:${sortable.join("|")})`;
  return {
    limit: z.int().min(1).max(maxLimit).default(defaultLimit),
    cursor: z.string().max(1000).optional().describe("`nextCursor` of the page before; keep the sort the same"),
    sort: z
      .string()
      .max(200)
      .regex(new RegExp(`^${term}(?:,${term})*$`), `must be some of ${sortable.join(", ")}, each with - for descending`)
      .default(defaultSort)
      .describe(`Comma-separated: ${sortable.join(", ")}; \`-\` in front for descending`),
    count: z.boolean().default(false).describe("Whether to count all rows into `total`"),
  };
}

/** One page of a list. */
export function page<T extends z.ZodType>(item: T) {
  return z.strictObject({
    items: z.array(item),
    nextCursor: z.string().nullable().describe("Pass it as `cursor` for the next page; null on the last one"),
    total: z.int().optional(),
  });
}

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
  total?: number;
}

export interface PageRequest {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly sort: string;
  readonly count: boolean;
}

type KeyValue = string | number;

/** How a repository finds one page: a condition after the cursor, an order, and a way to cut the rows it read. */
export interface Keyset {
  /** SQL for WHERE, with `?`: what stands behind the cursor; `1 = 1` on the first page. */
  readonly after: { readonly sql: string; readonly values: readonly KeyValue[] };
  /** What was asked for to sort by, without the id. */
  readonly sortedBy: readonly SortKey[];
  /** SQL for ORDER BY; ends with the id, so that the order is total. */
  readonly orderBy: string;
  /** Read one row more than asked for; this tells whether there is another page and where it begins. */
  page<Row extends object, T>(rows: readonly Row[], present: (row: Row) => T): Page<T>;
}

/**
 * @param columns the column (with its table's alias, if any) behind each sortable name; none may be null
 * @param idColumn a unique column that breaks ties
 * @throws ShopError `validation-failed` when the cursor is not one of this list and sort
 */
export function keyset(request: PageRequest, columns: Readonly<Record<string, string>>, idColumn = "id"): Keyset {
  const wanted = request.sort.split(",").map((term) => sortKey(term, columns));
  // In the direction of the last key, so that one index serves the whole order.
  const keys = [...wanted, { column: idColumn, descending: wanted.at(-1)?.descending ?? false }];
  const after = request.cursor === undefined ? undefined : readCursor(request.cursor, request.sort, keys.length);
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
        nextCursor: more ? writeCursor(request.sort, keys.map(({ column }) => valueOf(last, column))) : null,
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
 * `a >= ? AND (a > ? OR (a = ? AND (b < ? OR (b = ? AND id > ?))))`: each key decides where those before it are equal. The
 * first comparison is there for databases that would otherwise read along the index from its beginning.
 */
function conditionAfter(keys: readonly SortKey[], after: readonly KeyValue[]) {
  const values: KeyValue[] = [];
  const from = (index: number): string => {
    const key = keys[index];
    const value = after[index];
    if (!key || value === undefined) return "1 = 0";
    const beyond = `${key.column} ${key.descending ? "<" : ">"} ?`;
    values.push(value);
    if (index === keys.length - 1) return beyond;
    values.push(value);
    return `(${beyond} OR (${key.column} = ? AND ${from(index + 1)}))`;
  };
  const beyond = from(0);
  const [first, value] = [keys[0], after[0]];
  if (!first || value === undefined || keys.length === 1) return { sql: beyond, values };
  return { sql: `${first.column} ${first.descending ? "<=" : ">="} ? AND ${beyond}`, values: [value, ...values] };
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
  throw new ShopError("validation-failed", undefined, { errors: [{ path: "cursor", code: "invalid-cursor", message }] });
}
