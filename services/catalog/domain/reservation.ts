import type { MovementKind, StockMove } from "./stock-account.ts";

/**
 * Status of a reservation.
 * - `held`: by a checkout, until the lease expires
 * - `committed`: the order was placed; the lease is over
 * - `sold`: the order was paid
 * - `released`: the checkout did not become an order
 * - `cancelled`: the order was undone before payment
 * - `returned`: the order was undone after payment
 */
export type ReservationStatus = "held" | "committed" | "sold" | "released" | "cancelled" | "returned";

/** Services that hold leases, and settle those that expire. */
export const leaseHolders = ["orders", "after-sales"] as const;
export type LeaseHolder = (typeof leaseHolders)[number];

export interface ReservedLine {
  readonly variantId: string;
  readonly quantity: number;
  /** Quantity that the customer returned after the sale. */
  readonly returned: number;
}

export interface Reservation {
  readonly orderId: string;
  readonly status: ReservationStatus;
  readonly lines: readonly ReservedLine[];
}

/** A reservation with the unit prices of its lines, in minor units. */
export interface PricedReservation extends Reservation {
  /** Milliseconds since the Unix epoch; meaningful only while the reservation is held. */
  readonly leaseUntil: number;
  /** In request order. */
  readonly lines: readonly PricedLine[];
}

export interface PricedLine extends ReservedLine {
  readonly unitPrice: number;
}

/** What happened to the reservation's order. */
export type OrderEvent = "placed" | "paid" | "undone" | "abandoned";

interface Settlement {
  readonly to: ReservationStatus;
  /** Movements of each line's stock. */
  readonly steps: readonly MovementKind[];
}

const nothing = "nothing";
const impossible = "impossible";

/**
 * Transition table. Order events may arrive in any order and converge. Contradictory events throw: the stock
 * was given away although the order exists.
 */
const settlements: Record<
  OrderEvent,
  Record<ReservationStatus, Settlement | typeof nothing | typeof impossible>
> = {
  placed: {
    held: { to: "committed", steps: [] },
    committed: nothing,
    sold: nothing,
    released: impossible,
    cancelled: nothing,
    returned: nothing,
  },
  paid: {
    held: { to: "sold", steps: ["sell"] },
    committed: { to: "sold", steps: ["sell"] },
    sold: nothing,
    released: impossible,
    // Paid, then cancelled, and the payment's event arrived late.
    cancelled: { to: "returned", steps: ["reserve", "sell", "return"] },
    returned: nothing,
  },
  undone: {
    held: { to: "cancelled", steps: ["release"] },
    committed: { to: "cancelled", steps: ["release"] },
    sold: { to: "returned", steps: ["return"] },
    released: nothing,
    cancelled: nothing,
    returned: nothing,
  },
  abandoned: {
    held: { to: "released", steps: ["release"] },
    committed: nothing,
    sold: nothing,
    released: nothing,
    cancelled: nothing,
    returned: nothing,
  },
};

/**
 * Decides the effect of an order event on its reservation.
 *
 * @returns the next status and stock movements; undefined when nothing is left to do
 * @throws Error when the event contradicts the reservation's status
 */
export function settle(
  reservation: Reservation,
  event: OrderEvent,
): { to: ReservationStatus; moves: StockMove[] } | undefined {
  const settlement = settlements[event][reservation.status];
  if (settlement === nothing) return undefined;
  if (settlement === impossible)
    throw new Error(`order ${reservation.orderId} was ${event}, but its stock is ${reservation.status}`);
  const moves = reservation.lines
    .map((line) => ({ variantId: line.variantId, quantity: line.quantity - line.returned }))
    .filter((open) => open.quantity > 0)
    .map(({ variantId, quantity }) => ({
      variantId,
      steps: settlement.steps.map((kind) => ({ kind, quantity })),
    }))
    .filter((move) => move.steps.length > 0);
  return { to: settlement.to, moves };
}

/**
 * Decides the stock movements of returned goods; unsaleable ones are returned and written off at once.
 *
 * @returns the movements, and each line's new returned quantity
 * @throws Error when the goods are not sold yet (the event is early), or more return than were sold
 */
export function returnGoods(
  reservation: Reservation,
  goods: readonly { variantId: string; quantity: number }[],
  restocked: boolean,
): { moves: StockMove[]; returned: { variantId: string; quantity: number }[] } {
  const { orderId, status } = reservation;
  const merged = mergeLines(goods);
  const writeOff = (quantity: number) => ({ kind: "adjust" as const, quantity: -quantity });

  if (status === "cancelled" || status === "returned") {
    // The whole order was undone meanwhile, so all goods are on hand already.
    const moves = merged.map(({ variantId, quantity }) => ({ variantId, steps: [writeOff(quantity)] }));
    return { moves: restocked ? [] : moves, returned: [] };
  }
  if (status !== "sold")
    throw new Error(`goods of order ${orderId} were returned while its stock is only ${status}`);

  for (const { variantId, quantity } of merged) {
    const line = reservation.lines.find((reserved) => reserved.variantId === variantId);
    if (!line || line.returned + quantity > line.quantity)
      throw new Error(`more of variant ${variantId} returned than order ${orderId} bought`);
  }
  const moves = merged.map(({ variantId, quantity }) => ({
    variantId,
    steps: [{ kind: "return" as const, quantity }, ...(restocked ? [] : [writeOff(quantity)])],
  }));
  return { moves, returned: merged };
}

/** Merges lines by variant, in order of first appearance. */
export function mergeLines(
  lines: readonly { variantId: string; quantity: number }[],
): { variantId: string; quantity: number }[] {
  const quantities = new Map<string, number>();
  for (const { variantId, quantity } of lines)
    quantities.set(variantId, (quantities.get(variantId) ?? 0) + quantity);
  return [...quantities].map(([variantId, quantity]) => ({ variantId, quantity }));
}

/** True when a reservation holds exactly the requested `lines`, which are merged. */
export function hasLines(
  reservation: Reservation,
  lines: readonly { variantId: string; quantity: number }[],
): boolean {
  return (
    lines.length === reservation.lines.length &&
    lines.every(({ variantId, quantity }) =>
      reservation.lines.some(
        (reserved) => reserved.variantId === variantId && reserved.quantity === quantity,
      ),
    )
  );
}

/** True while the reservation still holds stock for its order. */
export function isActive(reservation: Reservation): boolean {
  return reservation.status === "held" || reservation.status === "committed" || reservation.status === "sold";
}
