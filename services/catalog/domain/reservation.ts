import type { MovementKind, StockMove } from "./stock-account.ts";

/**
 * - `held`: for a checkout, until the lease runs out
 * - `committed`: the order was placed, there is no lease any more
 * - `sold`: the order was paid
 * - `released`: the checkout never became an order
 * - `cancelled`: the order was undone before it was paid
 * - `returned`: the order was undone after it was paid
 */
export type ReservationStatus = "held" | "committed" | "sold" | "released" | "cancelled" | "returned";

export interface ReservedLine {
  readonly variantId: string;
  readonly quantity: number;
  /** How many of the quantity the customer gave back after they were sold. */
  readonly returned: number;
}

export interface Reservation {
  readonly orderId: string;
  readonly status: ReservationStatus;
  readonly lines: readonly ReservedLine[];
}

/** A reservation with the prices at which its lines were reserved, in minor units. */
export interface PricedReservation extends Reservation {
  /** Milliseconds since 1970, UTC; counts only while the reservation is held. */
  readonly leaseUntil: number;
  /** In the order of the request. */
  readonly lines: readonly PricedLine[];
}

export interface PricedLine extends ReservedLine {
  readonly unitPrice: number;
}

/** What a reservation learns of its order. */
export type OrderNews = "placed" | "paid" | "undone" | "abandoned";

interface Settlement {
  readonly to: ReservationStatus;
  /** What happens to each line's stock. */
  readonly steps: readonly MovementKind[];
}

const nothing = "nothing";
const impossible = "impossible";

/**
 * Events of an order arrive in any order and lead to the same end. Only news that contradict each other are
 * impossible: stock was given away although its order exists.
 */
const settlements: Record<OrderNews, Record<ReservationStatus, Settlement | typeof nothing | typeof impossible>> = {
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
    // It was paid first and cancelled then, and the news of the payment were late.
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
 * What the news mean for a reservation.
 *
 * @returns its next status and the movements of its stock; undefined when nothing is left to do
 * @throws Error when the news contradict what became of the reservation
 */
export function settle(
  reservation: Reservation,
  news: OrderNews,
): { to: ReservationStatus; moves: StockMove[] } | undefined {
  const settlement = settlements[news][reservation.status];
  if (settlement === nothing) return undefined;
  if (settlement === impossible)
    throw new Error(`order ${reservation.orderId} was ${news}, but its stock is ${reservation.status}`);
  const moves = reservation.lines
    .map((line) => ({ variantId: line.variantId, quantity: line.quantity - line.returned }))
    .filter((open) => open.quantity > 0)
    .map(({ variantId, quantity }) => ({ variantId, steps: settlement.steps.map((kind) => ({ kind, quantity })) }))
    .filter((move) => move.steps.length > 0);
  return { to: settlement.to, moves };
}

/**
 * What it means for the stock when the customer gives goods back. Those that cannot be sold again are returned and
 * written off at once.
 *
 * @returns the movements, and how many of each line count as returned from now on
 * @throws Error when the goods are not sold yet (the event comes too early), or fewer were sold than come back
 */
export function takeBack(
  reservation: Reservation,
  goods: readonly { variantId: string; quantity: number }[],
  restocked: boolean,
): { moves: StockMove[]; returned: { variantId: string; quantity: number }[] } {
  const { orderId, status } = reservation;
  const merged = mergeLines(goods);
  const writeOff = (quantity: number) => ({ kind: "adjust" as const, quantity: -quantity });

  if (status === "cancelled" || status === "returned") {
    // The whole order was undone meanwhile and everything is on hand already.
    const moves = merged.map(({ variantId, quantity }) => ({ variantId, steps: [writeOff(quantity)] }));
    return { moves: restocked ? [] : moves, returned: [] };
  }
  if (status !== "sold") throw new Error(`goods of order ${orderId} came back, but its stock is only ${status}`);

  for (const { variantId, quantity } of merged) {
    const line = reservation.lines.find((reserved) => reserved.variantId === variantId);
    if (!line || line.returned + quantity > line.quantity)
      throw new Error(`more of variant ${variantId} came back than order ${orderId} bought`);
  }
  const moves = merged.map(({ variantId, quantity }) => ({
    variantId,
    steps: [{ kind: "return" as const, quantity }, ...(restocked ? [] : [writeOff(quantity)])],
  }));
  return { moves, returned: merged };
}

/** One line a variant, in the order in which they first appear. */
export function mergeLines(
  lines: readonly { variantId: string; quantity: number }[],
): { variantId: string; quantity: number }[] {
  const quantities = new Map<string, number>();
  for (const { variantId, quantity } of lines)
    quantities.set(variantId, (quantities.get(variantId) ?? 0) + quantity);
  return [...quantities].map(([variantId, quantity]) => ({ variantId, quantity }));
}

/** Whether a reservation holds exactly what is asked for; `lines` are merged. */
export function holds(
  reservation: Reservation,
  lines: readonly { variantId: string; quantity: number }[],
): boolean {
  return (
    lines.length === reservation.lines.length &&
    lines.every(({ variantId, quantity }) =>
      reservation.lines.some((reserved) => reserved.variantId === variantId && reserved.quantity === quantity),
    )
  );
}

/** Whether a reservation's stock is still there for its order. */
export function isAlive(reservation: Reservation): boolean {
  return reservation.status === "held" || reservation.status === "committed" || reservation.status === "sold";
}
