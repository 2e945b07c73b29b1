import type { SqlValue } from "../../../mixins/database/database.ts";
import { buyerStateSql } from "./buyer-state.ts";
import type { PagedList } from "../../../mixins/database/query/keyset-page.ts";
import type { SelectiveFilter } from "../../../mixins/database/query/selective-filter.ts";
import type { PageRequest } from "../../../mixins/contract/paging.ts";

export interface OrderFilter {
  /** Restricts the list to this customer's orders. */
  readonly owner?: string | undefined;
  readonly customerId?: string | undefined;
  /** Any of these, each once. */
  readonly statuses?: readonly string[] | undefined;
  /** Only for the orders of one customer. */
  readonly state?: string | undefined;
  /** Only those with goods left to ship. */
  readonly unshipped: boolean;
  readonly number?: string | undefined;
  /** Inclusive (ms). */
  readonly placedFrom?: number | undefined;
  /** Exclusive (ms). */
  readonly placedBefore?: number | undefined;
  /** Minor units; both ends included. */
  readonly minTotal?: number | undefined;
  readonly maxTotal?: number | undefined;
  /** Restricts the list to orders of this product. */
  readonly productId?: string | undefined;
  readonly sku?: string | undefined;
}

const columnOf = { placedAt: "placed_at", total: "total" } as const;
const unshipped = ["paid", "packed"];

/** Filter conditions of an order list. */
export function conditionsOf(
  filter: OrderFilter,
  { sort }: PageRequest,
): Pick<PagedList<never, never>, "where" | "selectiveFilters"> {
  const { owner, customerId, number, productId, sku } = filter;
  const statuses = statusesOf(filter);
  const [, leadingKey = ""] = /^-?(\w+)/.exec(sort) ?? [];
  const leading = columnOf[leadingKey as keyof typeof columnOf];
  const ranges = [
    range("placed_at", filter.placedFrom, filter.placedBefore, "<"),
    range("total", filter.minTotal, filter.maxTotal, "<="),
  ];
  const wanted = ranges.filter((each) => each !== undefined);
  const selectiveFilters = [
    ...(statuses && statuses.length > 1 ? [statusFilter(statuses)] : []),
    ...wanted.filter(({ column }) => column !== leading).map(rangeFilter),
    ...(productId === undefined ? [] : [lineFilter("product_id", productId)]),
    ...(sku === undefined ? [] : [lineFilter("sku", sku)]),
  ];
  const where = {
    "customer_id = ?": owner,
    "customer_id IN (?)": customerId,
    // An empty set of statuses matches no order.
    "status = ?": statuses && statuses.length <= 1 ? (statuses[0] ?? "") : undefined,
    "number = ?": number,
    [`${buyerStateSql} = ?`]: filter.state,
    ...Object.fromEntries(
      wanted.filter(({ column }) => column === leading).map(({ sql, values }) => [sql(leading), values]),
    ),
  };
  // A customer has few orders, and a number one: scan them.
  const isSelective = [owner, customerId, number].some((value) => value !== undefined);
  if (!isSelective) return { where, selectiveFilters };
  return {
    where: {
      ...where,
      ...Object.fromEntries(
        selectiveFilters.map(({ predicate, predicateValues }) => [predicate, predicateValues as SqlValue]),
      ),
    },
  };
}

/** Undefined when any status matches. */
function statusesOf({ statuses, unshipped: only }: OrderFilter): readonly string[] | undefined {
  return only ? (statuses?.filter((status) => unshipped.includes(status)) ?? unshipped) : statuses;
}

interface Range {
  readonly column: string;
  readonly sql: (column: string) => string;
  readonly values: readonly number[];
}

function range(
  column: string,
  from: number | undefined,
  to: number | undefined,
  below: "<" | "<=",
): Range | undefined {
  if (from === undefined && to === undefined) return undefined;
  const bounds = [...(from === undefined ? [] : [`>= ?`]), ...(to === undefined ? [] : [`${below} ?`])];
  return {
    column,
    sql: (name) => bounds.map((bound) => `${name} ${bound}`).join(" AND "),
    values: [from, to].filter((value) => value !== undefined),
  };
}

function rangeFilter({ column, sql, values }: Range): SelectiveFilter {
  return {
    from: "orders o",
    id: "o.id",
    condition: sql(`o.${column}`),
    values,
    // The `+ 0` keeps the database from using an index.
    predicate: sql(`orders.${column} + 0`),
    predicateValues: values,
  };
}

function statusFilter(statuses: readonly string[]): SelectiveFilter {
  const marks = statuses.map(() => "?").join(", ");
  return {
    from: "orders o",
    id: "o.id",
    condition: `o.status IN (${marks})`,
    values: statuses,
    // So does the function call.
    predicate: `COALESCE(orders.status, '') IN (${marks})`,
    predicateValues: statuses,
  };
}

function lineFilter(column: "product_id" | "sku", value: string): SelectiveFilter {
  return {
    from: "order_lines i",
    id: "i.order_id",
    hasDuplicates: true,
    condition: `i.${column} = ?`,
    values: [value],
    predicate: `(SELECT 1 FROM order_lines l WHERE l.order_id = orders.id AND l.${column} = ? LIMIT 1) = 1`,
    predicateValues: [value],
  };
}
