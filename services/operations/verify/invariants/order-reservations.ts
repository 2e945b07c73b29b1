import type { ViolatingRow } from "../../../../mixins/database/invariant.ts";
import { scopeCondition } from "../../../../mixins/database/invariant.ts";
import type { Result } from "../../../../mixins/contract/calls.ts";
import type { Disagreement, CrossServiceInvariant } from "../across-services.ts";

/** Reservation statuses that match an order's status once its events have arrived. */
const reservationOf: Readonly<Record<Result<"orders.get">["status"], readonly string[]>> = {
  placed: ["committed"],
  paid: ["sold"],
  packed: ["sold"],
  shipped: ["sold"],
  delivered: ["sold"],
  refunded: ["sold"],
  cancelled: ["cancelled", "returned"],
  expired: ["cancelled"],
  returned: ["sold"],
};
/** Reservation statuses without an order: undecided, or released. */
const withoutOrder: ReadonlySet<string> = new Set(["held", "released"]);

const subjects = [
  { service: "orders", table: "orders", key: "id" },
  { service: "catalog", table: "reservations", key: "order_id", where: "settled_by = 'orders'" },
] as const;

interface OrderRow {
  readonly id: string;
  readonly number: string;
  readonly status: keyof typeof reservationOf;
}

export const reservationsFollowOrders: CrossServiceInvariant = {
  code: "orders.reservations",
  says: "Every order's stock is reserved, sold or returned as its status says; stock without an order is held or released",
  of: ["orders", "catalog"],
  about: "order",
  subjects,
  async disagreements({ orders, catalog }, scope) {
    // Read reservations first: an order placed meanwhile has one already, and the recheck covers it.
    const inCatalog = scopeCondition("order_id", scope);
    const reserved = await catalog.select<{ orderId: string; status: string }>(
      `SELECT order_id AS orderId, status FROM reservations WHERE settled_by = 'orders' AND ${inCatalog.sql}`,
      inCatalog.values,
    );
    const inOrders = scopeCondition("id", scope);
    const placed = await orders.select<OrderRow>(
      `SELECT id, number, status FROM orders WHERE ${inOrders.sql}`,
      inOrders.values,
    );
    const reservations = new Map(reserved.map(({ orderId, status }) => [orderId, status]));
    const known = new Set(placed.map(({ id }) => id));
    return [
      ...placed
        .filter(({ id, status }) => !reservationOf[status].includes(reservations.get(id) ?? ""))
        .map(({ id, number, status }) => disagreement(id, number, status, reservations.get(id) ?? null)),
      ...reserved
        .filter(({ orderId, status }) => !known.has(orderId) && !withoutOrder.has(status))
        .map(({ orderId, status }) => disagreement(orderId, null, null, status)),
    ];
  },
};

function disagreement(
  orderId: string,
  number: string | null,
  status: string | null,
  reservation: string | null,
): Disagreement {
  const row: ViolatingRow = { number, orderId, status, reservation };
  return { key: orderId, row };
}

interface Line {
  readonly orderId: string;
  readonly variantId: string;
  readonly quantity: number;
  readonly returned: number;
  readonly unitPrice: number;
}

export const reservedIsWhatWasOrdered: CrossServiceInvariant = {
  code: "orders.reserved-lines",
  says: "The reservation of an order has its lines, at its prices, and its returned quantities",
  of: ["orders", "catalog"],
  about: "order",
  subjects,
  async disagreements({ orders, catalog }, scope) {
    const { sql, values } = scopeCondition("l.order_id", scope);
    const reserved = await catalog.select<Line & { status: string }>(
      `SELECT l.order_id AS orderId, l.variant_id AS variantId, l.quantity, l.returned, l.unit_price AS unitPrice, r.status
       FROM reservation_lines l JOIN reservations r ON r.order_id = l.order_id WHERE ${sql}`,
      values,
    );
    const ordered = await orders.select<Line & { number: string; sku: string }>(
      `SELECT o.number, l.sku, l.order_id AS orderId, l.variant_id AS variantId, l.quantity,
         l.returned_quantity AS returned, l.unit_price AS unitPrice
       FROM order_lines l JOIN orders o ON o.id = l.order_id WHERE ${sql}`,
      values,
    );
    const lineOf = ({ orderId, variantId }: Line) => `${orderId} ${variantId}`;
    const inCatalog = new Map(reserved.map((line) => [lineOf(line), line]));
    const inOrders = new Set(ordered.map(lineOf));
    const orderIds = new Set(ordered.map(({ orderId }) => orderId));
    const agree = (line: Line) => {
      const other = inCatalog.get(lineOf(line));
      if (!other || other.quantity !== line.quantity || other.unitPrice !== line.unitPrice) return false;
      // A whole order that was undone has no returned quantities per line.
      return other.returned === line.returned || other.status === "returned" || other.status === "cancelled";
    };
    return [
      ...ordered
        .filter((line) => !agree(line))
        .map((line) => {
          const other = inCatalog.get(lineOf(line));
          const { orderId, number, sku, variantId, quantity, returned, unitPrice } = line;
          const inReservation = {
            reserved: other?.quantity ?? null,
            returnedToStock: other?.returned ?? null,
            reservedAt: other?.unitPrice ?? null,
          };
          return {
            key: orderId,
            row: { number, orderId, sku, variantId, quantity, returned, unitPrice, ...inReservation },
          };
        }),
      ...reserved
        .filter((line) => orderIds.has(line.orderId) && !inOrders.has(lineOf(line)))
        .map(({ orderId, variantId, quantity }) => ({
          key: orderId,
          row: { orderId, variantId, quantity: null, reserved: quantity },
        })),
    ];
  },
};
