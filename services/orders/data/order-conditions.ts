import type { SqlValue } from "../../../mixins/database/database.ts";
import type { PagedList } from "../../../mixins/database/list-page.ts";
import type { Narrowing } from "../../../mixins/database/narrowing.ts";
import type { PageRequest } from "../../contract/paging.ts";
import type { OrderFilter } from "./order-repository.ts";

const columnOf = { placedAt: "placed_at", total: "total" } as const;
const unshipped = ["paid", "packed"];

/** What a list of orders is confined to. */
export function conditionsOf(filter: OrderFilter, { sort }: PageRequest): Pick<PagedList<never, never>, "where" | "narrowings"> {
  const { owner, customerId, number, productId, sku } = filter;
  const statuses = statusesOf(filter);
  const [, leadingKey = ""] = /^-?(\w+)/.exec(sort) ?? [];
  const leading = columnOf[leadingKey as keyof typeof columnOf];
  const ranges = [range("placed_at", filter.placedFrom, filter.placedBefore, "<"), range("total", filter.minTotal, filter.maxTotal, "<=")];
  const wanted = ranges.filter((each) => each !== undefined);
  const narrowings = [
    ...(statuses && statuses.length > 1 ? [anyStatus(statuses)] : []),
    ...wanted.filter(({ column }) => column !== leading).map(inRange),
    ...(productId === undefined ? [] : [ofLine("product_id", productId)]),
    ...(sku === undefined ? [] : [ofLine("sku", sku)]),
  ];
  const where = {
    "customer_id = ?": owner,
    "customer_id IN (?)": customerId,
    // No order is of no status.
    "status = ?": statuses && statuses.length <= 1 ? (statuses[0] ?? "") : undefined,
    "number = ?": number,
    ...Object.fromEntries(wanted.filter(({ column }) => column === leading).map(({ sql, values }) => [sql(leading), values])),
  };
  // A customer has few orders, and a number one: they are looked at one by one.
  const areFew = [owner, customerId, number].some((value) => value !== undefined);
  if (!areFew) return { where, narrowings };
  return { where: { ...where, ...Object.fromEntries(narrowings.map(({ probe, probeValues }) => [probe, probeValues as SqlValue])) } };
}

/** Undefined when any will do. */
function statusesOf({ statuses, unshipped: only }: OrderFilter): readonly string[] | undefined {
  return only ? (statuses?.filter((status) => unshipped.includes(status)) ?? unshipped) : statuses;
}

interface Range {
  readonly column: string;
  readonly sql: (column: string) => string;
  readonly values: readonly number[];
}

function range(column: string, from: number | undefined, to: number | undefined, below: "<" | "<="): Range | undefined {
  if (from === undefined && to === undefined) return undefined;
  const bounds = [...(from === undefined ? [] : [`>= ?`]), ...(to === undefined ? [] : [`${below} ?`])];
  return {
    column,
    sql: (name) => bounds.map((bound) => `${name} ${bound}`).join(" AND "),
    values: [from, to].filter((value) => value !== undefined),
  };
}

function inRange({ column, sql, values }: Range): Narrowing {
  return {
    from: "orders o",
    id: "o.id",
    condition: sql(`o.${column}`),
    values,
    // A sum has no index.
    probe: sql(`orders.${column} + 0`),
    probeValues: values,
  };
}

function anyStatus(statuses: readonly string[]): Narrowing {
  const marks = statuses.map(() => "?").join(", ");
  return {
    from: "orders o",
    id: "o.id",
    condition: `o.status IN (${marks})`,
    values: statuses,
    // Nor has what a function returns.
    probe: `COALESCE(orders.status, '') IN (${marks})`,
    probeValues: statuses,
  };
}

function ofLine(column: "product_id" | "sku", value: string): Narrowing {
  return {
    from: "order_lines i",
    id: "i.order_id",
    repeats: true,
    condition: `i.${column} = ?`,
    values: [value],
    probe: `(SELECT 1 FROM order_lines l WHERE l.order_id = orders.id AND l.${column} = ? LIMIT 1) = 1`,
    probeValues: [value],
  };
}
