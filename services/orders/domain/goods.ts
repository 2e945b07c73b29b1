import { ShopError } from "../../contract/errors.ts";
import type { OrderStatus } from "./order-status.ts";
import { transition } from "./order-status.ts";

/** Where the goods of a line are. */
export interface Whereabouts {
  /** As ordered. */
  readonly quantity: number;
  /** Came back, sent or not. */
  readonly returnedQuantity: number;
  /** Those of `returnedQuantity` that had never been sent, and never will be. */
  readonly withdrawnQuantity: number;
  /** Packed and not yet sent. */
  readonly packedQuantity: number;
  /** Sent so far; what came back later counts still. */
  readonly shippedQuantity: number;
  /** Those of `shippedQuantity` that arrived. */
  readonly deliveredQuantity: number;
}

/** Of goods that nothing has happened to yet. */
export const untouched = {
  returnedQuantity: 0,
  withdrawnQuantity: 0,
  packedQuantity: 0,
  shippedQuantity: 0,
  deliveredQuantity: 0,
} as const satisfies Omit<Whereabouts, "quantity">;

export interface LineQuantity {
  readonly lineId: string;
  readonly quantity: number;
}

type Line = Whereabouts & { readonly id: string };

/** How many are still to be sent, packed ones among them. */
export function unshipped(line: Whereabouts): number {
  return line.quantity - line.withdrawnQuantity - line.shippedQuantity;
}

/** How many are still to be packed. */
export function unpacked(line: Whereabouts): number {
  return unshipped(line) - line.packedQuantity;
}

/** How many can come back. What is packed is unpacked first. */
export function returnable(line: Whereabouts): number {
  return line.quantity - line.returnedQuantity - line.packedQuantity;
}

/** The line after some of it came back: first what had been sent, then what had not. */
export function afterReturn<L extends Whereabouts>(line: L, quantity: number): L {
  const sentAndKept = line.shippedQuantity - (line.returnedQuantity - line.withdrawnQuantity);
  return {
    ...line,
    returnedQuantity: line.returnedQuantity + quantity,
    withdrawnQuantity: line.withdrawnQuantity + Math.max(0, quantity - sentAndKept),
  };
}

/**
 * The status that an order comes to by what was packed, sent and received of it. It changes with the last of its goods
 * only, and what came back unsent need not be sent.
 */
export function statusByGoods(status: OrderStatus, lines: readonly Whereabouts[]): OrderStatus {
  if (status === "paid" || status === "packed") {
    if (lines.every((line) => unshipped(line) === 0)) return statusByGoods(transition(status, "ship"), lines);
    const allPacked = lines.every((line) => unpacked(line) === 0);
    if (allPacked !== (status === "packed")) return transition(status, allPacked ? "pack" : "unpack");
  }
  if (status === "shipped" && lines.every((line) => line.deliveredQuantity === line.shippedQuantity))
    return transition(status, "deliver");
  return status;
}

/**
 * The quantities by line, a line that is named twice with both of its quantities.
 *
 * @param limitOf how many of a line there are to be had
 * @param done what would happen to them, for people: `packed`
 * @throws ShopError `not-found` for a line of another order; `limit-reached` with the line and the limit
 */
export function quantitiesByLine<L extends Line>(
  lines: readonly L[],
  wanted: readonly LineQuantity[],
  limitOf: (line: L) => number,
  done: string,
): Map<L, number> {
  const quantities = new Map<L, number>();
  for (const { lineId, quantity } of wanted) {
    const line = lines.find(({ id }) => id === lineId);
    if (!line) throw new ShopError("not-found", "The order has no such line", { lineId });
    quantities.set(line, (quantities.get(line) ?? 0) + quantity);
  }
  for (const [line, quantity] of quantities) {
    const limit = limitOf(line);
    if (quantity > limit)
      throw new ShopError("limit-reached", `Of this line ${limit} can be ${done}`, { lineId: line.id, limit });
  }
  return quantities;
}
