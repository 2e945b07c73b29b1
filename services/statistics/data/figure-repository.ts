import type { Page, PageRequest } from "../../../mixins/contract/paging.ts";
import { keyset, maxCount } from "../../../mixins/contract/paging.ts";
import type { Database, SqlValue } from "../../../mixins/database/database.ts";
import type { Day } from "../domain/day.ts";
import type { Measures } from "../domain/measures.ts";
import { measureNames } from "../domain/measures.ts";

/** What figures are listed by. */
export type By = "days" | "products" | "categories" | "merchants";

export interface FigureFilter {
  readonly from: Day;
  readonly to: Day;
  /** Ids of merchants, empty for the shop itself; undefined: of all together. */
  readonly merchants: readonly string[] | undefined;
}

/** The sums of a period for one day, product, category or merchant. */
export interface FigureRow extends Measures {
  /** The day, or the id of what was sold; empty for none. */
  readonly id: string;
  readonly revenue: number;
}

const columnOf = { days: "day", products: "key_id", categories: "key_id", merchants: "key_id" } as const;
const singular = { products: "product", categories: "category", merchants: "merchant" } as const;

const sums = measureNames.map((name) => `CAST(SUM(${name}) AS SIGNED) AS ${name}`).join(", ");
/** Sums to sort by have names of their own: the same names as columns would mean these in HAVING. */
const sortedSums = ["orders_paid", "units_placed", "units_paid", "units_returned"] as const;
const sortSums = sortedSums.map((name) => `CAST(SUM(${name}) AS SIGNED) AS by_${name}`).join(", ");
const sortColumns = {
  day: "id",
  revenue: "revenue",
  unitsPaid: "by_units_paid",
  ordersPaid: "by_orders_paid",
  unitsPlaced: "by_units_placed",
  unitsReturned: "by_units_returned",
} as const;

/** Reads the figures of periods: sums over at most as many rows as there are days and sold things in them. */
export class FigureRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async list(by: By, filter: FigureFilter, request: PageRequest): Promise<Page<FigureRow>> {
    const { column, revenue, from, values } = sourceOf(by, filter);
    const keys = keyset(request, sortColumns);
    const rows = await this.#database.select<FigureRow>(
      `SELECT ${column} AS id, ${revenue} AS revenue, ${sums}, ${sortSums} FROM ${from}
       GROUP BY ${column} HAVING ${keys.after.sql} ORDER BY ${keys.orderBy} LIMIT ?`,
      [...values, ...keys.after.values, request.limit + 1],
    );
    const page = keys.page(rows, (row) => row);
    if (!request.count) return page;
    const [counted] = await this.#database.select<{ total: number }>(
      `SELECT COUNT(DISTINCT ${column}) AS total FROM ${from}`,
      values,
    );
    const total = counted?.total ?? 0;
    return { ...page, ...(total > maxCount ? { total: maxCount, totalIsExact: false } : { total }) };
  }

  /** All sums of the period; zeros without sales. */
  async total(filter: FigureFilter): Promise<FigureRow> {
    const { revenue, from, values } = sourceOf("days", filter);
    const [row] = await this.#database.select<{ [N in keyof FigureRow]: FigureRow[N] | null }>(
      `SELECT ${revenue} AS revenue, ${sums} FROM ${from}`,
      values,
    );
    const ofNames = measureNames.map((name): [string, number] => [name, row?.[name] ?? 0]);
    return { id: "", revenue: row?.revenue ?? 0, ...(Object.fromEntries(ofNames) as Measures) };
  }
}

interface Source {
  /** Column that rows are added up by. */
  readonly column: string;
  /** SQL of the revenue. */
  readonly revenue: string;
  /** FROM and WHERE, with `?` for the values. */
  readonly from: string;
  readonly values: readonly SqlValue[];
}

function sourceOf(by: By, { from, to, merchants }: FigureFilter): Source {
  const scope = by === "days" ? (merchants ? "merchant" : "shop") : singular[by];
  // The rows of all merchants together; products have a row a merchant, and merchants are such rows themselves.
  const ofAll = scope === "category" ? "merchant_id = '*' AND " : "";
  const refunded = scope === "product" || scope === "category" ? "returned" : "refunded";
  return {
    column: columnOf[by],
    revenue: `CAST(SUM(gross_paid - discount_paid + shipping_paid - ${refunded}) AS SIGNED)`,
    from: `sales_days WHERE scope = ? AND ${merchants ? "merchant_id IN (?) AND " : ofAll}day BETWEEN ? AND ?`,
    values: [scope, ...(merchants ? [merchants] : []), from, to],
  };
}
