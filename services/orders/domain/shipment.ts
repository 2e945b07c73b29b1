import { ShopError } from "../../contract/errors.ts";
import type { LineQuantity, Whereabouts } from "./goods.ts";
import { quantitiesByLine, statusByGoods, unpacked } from "./goods.ts";
import type { OrderWithLines } from "./order.ts";
import { changed } from "./order.ts";
import { illegalTransition, transition } from "./order-status.ts";

/** A parcel: goods of one order that are sent together. Times are milliseconds since 1970, UTC. */
export interface Shipment {
  readonly id: string;
  readonly orderId: string;
  /** `cancelled`: it was unpacked. */
  readonly status: ShipmentStatus;
  readonly carrier: string | null;
  readonly trackingNumber: string | null;
  readonly lines: readonly LineQuantity[];
  /** Grows with each change. */
  readonly version: number;
  readonly packedAt: number;
  readonly shippedAt: number | null;
  readonly deliveredAt: number | null;
  readonly updatedAt: number;
}

export type ShipmentStatus = "packed" | "shipped" | "delivered" | "cancelled";

/** What can become of a shipment. */
const successors: Readonly<Record<ShipmentStatus, readonly ShipmentStatus[]>> = {
  packed: ["shipped", "cancelled"],
  shipped: ["delivered"],
  delivered: [],
  cancelled: [],
};

/** How a move changes the whereabouts of each of its goods. */
const shifts = {
  shipped: { packed: -1, shipped: 1, delivered: 0 },
  delivered: { packed: 0, shipped: 0, delivered: 1 },
  cancelled: { packed: -1, shipped: 0, delivered: 0 },
} as const satisfies Record<Exclude<ShipmentStatus, "packed">, Shift>;

/** How many goods of a line go to, or leave, each place. */
export interface Shift {
  readonly packed: number;
  readonly shipped: number;
  readonly delivered: number;
}

/** Goods to move in the database as well. */
export type GoodsMove = LineQuantity & Shift;

export interface Dispatched {
  readonly order: OrderWithLines;
  readonly shipment: Shipment;
  readonly moves: readonly GoodsMove[];
}

/** What is said of a new shipment. */
export interface Parcel {
  readonly id: string;
  readonly status: "packed" | "shipped";
  readonly carrier: string | null;
  readonly trackingNumber: string | null;
}

/**
 * Packs goods of a paid order, or packs and sends them at once. With the last of its goods the order is `packed` or
 * `shipped`.
 *
 * @param wanted all that is not packed yet when undefined; a line may be named twice
 * @throws ShopError `illegal-transition`; `not-found` for a line of another order; `limit-reached` with the line and how
 * many of it are left to be packed as `limit`
 */
export function dispatch(
  order: OrderWithLines,
  parcel: Parcel,
  wanted: readonly LineQuantity[] | undefined,
  now: number,
): Dispatched {
  transition(order.status, "ship");
  const rest = order.lines.map((line) => ({ lineId: line.id, quantity: unpacked(line) }));
  const asked = wanted ?? rest.filter(({ quantity }) => quantity > 0);
  if (asked.length === 0) throw new ShopError("limit-reached", "Nothing is left to be packed", { limit: 0 });
  const quantities = quantitiesByLine(order.lines, asked, unpacked, "packed");
  const lines = [...quantities].map(([{ id: lineId }, quantity]) => ({ lineId, quantity }));

  const isSent = parcel.status === "shipped";
  const shift = isSent ? { packed: 0, shipped: 1, delivered: 0 } : { packed: 1, shipped: 0, delivered: 0 };
  const shipment: Shipment = {
    ...parcel,
    orderId: order.id,
    lines,
    version: 1,
    packedAt: now,
    shippedAt: isSent ? now : null,
    deliveredAt: null,
    updatedAt: now,
  };
  return { shipment, ...shifted(order, lines, shift, now) };
}

/**
 * Moves a shipment on. Goods arrive whatever became of the order meanwhile; they are sent only while it is to be sent.
 *
 * @throws ShopError `illegal-transition` with the status, of the shipment or the order, that does not allow it as `from`
 */
export function moveOn(
  order: OrderWithLines,
  shipment: Shipment,
  to: Exclude<ShipmentStatus, "packed">,
  now: number,
): Dispatched {
  if (!successors[shipment.status].includes(to))
    throw illegalTransition(shipment.status, `A shipment that is ${shipment.status} cannot become ${to}`);
  if (to === "shipped") transition(order.status, "ship");
  const moved: Shipment = {
    ...shipment,
    status: to,
    version: shipment.version + 1,
    shippedAt: to === "shipped" ? now : shipment.shippedAt,
    deliveredAt: to === "delivered" ? now : shipment.deliveredAt,
    updatedAt: now,
  };
  return { shipment: moved, ...shifted(order, shipment.lines, shifts[to], now) };
}

function shifted(order: OrderWithLines, goods: readonly LineQuantity[], shift: Shift, now: number) {
  const quantities = new Map(goods.map(({ lineId, quantity }) => [lineId, quantity]));
  const lines = order.lines.map((line) => ({ ...line, ...shiftedLine(line, shift, quantities.get(line.id) ?? 0) }));
  return {
    order: changed(order, { lines, status: statusByGoods(order.status, lines) }, now),
    moves: goods.map(({ lineId, quantity }) => ({
      lineId,
      quantity,
      packed: shift.packed * quantity,
      shipped: shift.shipped * quantity,
      delivered: shift.delivered * quantity,
    })),
  };
}

function shiftedLine(line: Whereabouts, shift: Shift, quantity: number): Partial<Whereabouts> {
  return {
    packedQuantity: line.packedQuantity + shift.packed * quantity,
    shippedQuantity: line.shippedQuantity + shift.shipped * quantity,
    deliveredQuantity: line.deliveredQuantity + shift.delivered * quantity,
  };
}
