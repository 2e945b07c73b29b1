import { ShopError } from "../../../mixins/contract/errors.ts";
import type { LineQuantity, FulfilmentCounts } from "./fulfilment.ts";
import { quantitiesByLine, unpacked } from "./fulfilment.ts";
import type { OrderWithLines } from "./order-model.ts";
import { assertLinesOf, changed, isOf, partsWith } from "./order.ts";
import { illegalTransition, transition } from "./order-status.ts";
import { fulfilled, isShippable } from "./part.ts";

/** A shipment: goods of one order sent together. Times are milliseconds since the Unix epoch. */
export interface Shipment {
  readonly id: string;
  readonly orderId: string;
  /** `cancelled`: it was unpacked. */
  readonly status: ShipmentStatus;
  readonly carrier: string | null;
  readonly trackingNumber: string | null;
  readonly lines: readonly LineQuantity[];
  /** Incremented with each change. */
  readonly version: number;
  readonly packedAt: number;
  readonly shippedAt: number | null;
  readonly deliveredAt: number | null;
  readonly updatedAt: number;
}

export type ShipmentStatus = "packed" | "shipped" | "delivered" | "cancelled";

/** Transition table. */
const successors: Readonly<Record<ShipmentStatus, readonly ShipmentStatus[]>> = {
  packed: ["shipped", "cancelled"],
  shipped: ["delivered"],
  delivered: [],
  cancelled: [],
};

/** Effects of a transition on the fulfilment counts of its goods. */
const deltas = {
  shipped: { packed: -1, shipped: 1, delivered: 0 },
  delivered: { packed: 0, shipped: 0, delivered: 1 },
  cancelled: { packed: -1, shipped: 0, delivered: 0 },
} as const satisfies Record<Exclude<ShipmentStatus, "packed">, PackingDelta>;

/** Changes of a line's fulfilment counts. */
export interface PackingDelta {
  readonly packed: number;
  readonly shipped: number;
  readonly delivered: number;
}

/** Changes to save in the database. */
export type LineDelta = LineQuantity & PackingDelta;

export interface ShipmentChange {
  readonly order: OrderWithLines;
  readonly shipment: Shipment;
  readonly moves: readonly LineDelta[];
}

/** Details of a new shipment. */
export interface NewShipment {
  readonly id: string;
  readonly status: "packed" | "shipped";
  readonly carrier: string | null;
  readonly trackingNumber: string | null;
}

/**
 * Packs goods of a paid order, or packs and ships them at once. With the last of its goods the order is
 * `packed` or `shipped`, and so is a part.
 *
 * @param wanted default: all unpacked goods that are to be shipped; repeated lines are added up
 * @param merchants restricts it to goods of these
 * @throws ShopError `illegal-transition`; `not-found` for a line of another order; `limit-reached` with the
 *   line and its unpacked quantity as `limit`
 */
export function dispatch(
  order: OrderWithLines,
  parcel: NewShipment,
  wanted: readonly LineQuantity[] | undefined,
  now: number,
  merchants?: readonly string[],
): ShipmentChange {
  assertLinesOf(merchants, order, wanted ?? []);
  const own = order.parts.filter((part) => isOf(merchants, part));
  const open = new Set(own.filter(({ status }) => isShippable(status)).map(({ id }) => id));
  if (open.size === 0) transition(own.length === 1 ? (own[0]?.status ?? order.status) : order.status, "ship");
  const rest = order.lines
    .filter(({ partId }) => open.has(partId))
    .map((line) => ({ lineId: line.id, quantity: unpacked(line) }));
  const requested = wanted ?? rest.filter(({ quantity }) => quantity > 0);
  if (requested.length === 0) throw new ShopError("limit-reached", "Nothing is left to pack", { limit: 0 });
  const quantities = quantitiesByLine(order.lines, requested, unpacked, "packed");
  for (const { status } of partsWith(order, [...quantities.keys()])) transition(status, "ship");
  const lines = [...quantities].map(([{ id: lineId }, quantity]) => ({ lineId, quantity }));

  const isSent = parcel.status === "shipped";
  const delta = isSent ? { packed: 0, shipped: 1, delivered: 0 } : { packed: 1, shipped: 0, delivered: 0 };
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
  return { shipment, ...applyDelta(order, lines, delta, now) };
}

/**
 * Advances a shipment. Delivery is recorded whatever the order's status; shipping requires an order that is
 * to be shipped.
 *
 * @throws ShopError `illegal-transition` with the conflicting status, of the shipment or the order, as `from`
 */
export function advanceShipment(
  order: OrderWithLines,
  shipment: Shipment,
  to: Exclude<ShipmentStatus, "packed">,
  now: number,
): ShipmentChange {
  if (!successors[shipment.status].includes(to))
    throw illegalTransition(
      shipment.status,
      `Status of a shipment cannot change from ${shipment.status} to ${to}`,
    );
  const ids = new Set(shipment.lines.map(({ lineId }) => lineId));
  const goods = order.lines.filter(({ id }) => ids.has(id));
  if (to === "shipped") for (const { status } of partsWith(order, goods)) transition(status, "ship");
  const moved: Shipment = {
    ...shipment,
    status: to,
    version: shipment.version + 1,
    shippedAt: to === "shipped" ? now : shipment.shippedAt,
    deliveredAt: to === "delivered" ? now : shipment.deliveredAt,
    updatedAt: now,
  };
  return { shipment: moved, ...applyDelta(order, shipment.lines, deltas[to], now) };
}

function applyDelta(order: OrderWithLines, goods: readonly LineQuantity[], delta: PackingDelta, now: number) {
  const quantities = new Map(goods.map(({ lineId, quantity }) => [lineId, quantity]));
  const lines = order.lines.map((line) => ({
    ...line,
    ...applyLineDelta(line, delta, quantities.get(line.id) ?? 0),
  }));
  return {
    order: changed(order, { lines, ...fulfilled(order, lines, now) }, now),
    moves: goods.map(({ lineId, quantity }) => ({
      lineId,
      quantity,
      packed: delta.packed * quantity,
      shipped: delta.shipped * quantity,
      delivered: delta.delivered * quantity,
    })),
  };
}

function applyLineDelta(
  line: FulfilmentCounts,
  delta: PackingDelta,
  quantity: number,
): Partial<FulfilmentCounts> {
  return {
    packedQuantity: line.packedQuantity + delta.packed * quantity,
    shippedQuantity: line.shippedQuantity + delta.shipped * quantity,
    deliveredQuantity: line.deliveredQuantity + delta.delivered * quantity,
  };
}
