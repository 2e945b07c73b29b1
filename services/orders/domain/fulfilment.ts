import { ShopError } from "../../../mixins/contract/errors.ts";
import type { OrderStatus } from "./order-status.ts";
import { transition } from "./order-status.ts";

/** Fulfilment counts of an order line. */
export interface FulfilmentCounts {
  /** As ordered. */
  readonly quantity: number;
  /** Returned, shipped before or not. */
  readonly returnedQuantity: number;
  /** Those of `returnedQuantity` never shipped. */
  readonly withdrawnQuantity: number;
  /** Packed, not shipped. */
  readonly packedQuantity: number;
  /** Shipped so far, including goods returned later. */
  readonly shippedQuantity: number;
  /** Those of `shippedQuantity` that were delivered. */
  readonly deliveredQuantity: number;
}

/** Counts of a new line. */
export const unfulfilled = {
  returnedQuantity: 0,
  withdrawnQuantity: 0,
  packedQuantity: 0,
  shippedQuantity: 0,
  deliveredQuantity: 0,
} as const satisfies Omit<FulfilmentCounts, "quantity">;

export interface LineQuantity {
  readonly lineId: string;
  readonly quantity: number;
}

type Line = FulfilmentCounts & { readonly id: string };

/** Quantity left to ship, packed goods included. */
export function unshipped(line: FulfilmentCounts): number {
  return line.quantity - line.withdrawnQuantity - line.shippedQuantity;
}

/** Quantity left to pack. */
export function unpacked(line: FulfilmentCounts): number {
  return unshipped(line) - line.packedQuantity;
}

/** Returnable quantity. Packed goods are unpacked first. */
export function returnable(line: FulfilmentCounts): number {
  return line.quantity - line.returnedQuantity - line.packedQuantity;
}

/** The line after a return: of shipped goods first, then of unshipped ones. */
export function afterReturn<L extends FulfilmentCounts>(line: L, quantity: number): L {
  return {
    ...line,
    returnedQuantity: line.returnedQuantity + quantity,
    withdrawnQuantity: line.withdrawnQuantity + Math.max(0, quantity - keptByCustomer(line)),
  };
}

/** The line after unshipped goods of it were withdrawn. */
export function afterWithdrawal<L extends FulfilmentCounts>(line: L, quantity: number): L {
  return {
    ...line,
    returnedQuantity: line.returnedQuantity + quantity,
    withdrawnQuantity: line.withdrawnQuantity + quantity,
  };
}

/** Quantity that the customer has: shipped, and not returned. */
export function keptByCustomer(line: FulfilmentCounts): number {
  return line.shippedQuantity - (line.returnedQuantity - line.withdrawnQuantity);
}

/**
 * Status of an order by its fulfilment counts. Only the last of the goods changes it; goods returned
 * unshipped do not need shipping.
 */
export function statusByFulfilment(status: OrderStatus, lines: readonly FulfilmentCounts[]): OrderStatus {
  if (status === "paid" || status === "packed") {
    if (lines.every((line) => unshipped(line) === 0))
      return statusByFulfilment(transition(status, "ship"), lines);
    const allPacked = lines.every((line) => unpacked(line) === 0);
    if (allPacked !== (status === "packed")) return transition(status, allPacked ? "pack" : "unpack");
  }
  if (status === "shipped" && lines.every((line) => line.deliveredQuantity === line.shippedQuantity))
    return transition(status, "deliver");
  return status;
}

/**
 * Sums quantities by line.
 *
 * @param limitOf available quantity of a line
 * @param done the operation, for the error text: `packed`
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
      throw new ShopError("limit-reached", `Of this line ${limit} can be ${done}`, {
        lineId: line.id,
        limit,
      });
  }
  return quantities;
}
