import { ShopError } from "../../contract/errors.ts";
import type { Address } from "../../contract/fields.ts";
import type { LineQuantity, Whereabouts } from "./goods.ts";
import { afterReturn, quantitiesByLine, returnable, statusByGoods } from "./goods.ts";
import type { OrderStatus } from "./order-status.ts";
import { illegalTransition, transition } from "./order-status.ts";
import type { Totals } from "./pricing.ts";
import { proportionOf } from "./rounding.ts";

/** An order without its lines. Amounts are minor units of its currency, times milliseconds since 1970, UTC. */
export interface Order extends Totals {
  readonly id: string;
  /** Short, for people: `K7Q2-9XMD`. */
  readonly number: string;
  readonly customerId: string;
  readonly status: OrderStatus;
  /** Given or due back to the customer so far. */
  readonly refunded: number;
  /** Null unless it waits for payment. */
  readonly payBefore: number | null;
  readonly shippingAddress: Address;
  readonly note: string | null;
  /** The code of the coupon to which it owes its discount. */
  readonly couponCode: string | null;
  readonly cartId: string;
  /** Grows with each change. */
  readonly version: number;
  readonly placedAt: number;
  readonly updatedAt: number;
}

export interface OrderLine extends Whereabouts {
  readonly id: string;
  readonly variantId: string;
  readonly productId: string;
  readonly sku: string;
  readonly name: string;
  readonly options: Readonly<Record<string, string>>;
  /** At which it was reserved and sold. */
  readonly unitPrice: number;
  /** Its share of the order's discount. The shares of all lines are that discount, and none is more than its line. */
  readonly discount: number;
}

export interface OrderWithLines extends Order {
  readonly lines: readonly OrderLine[];
}

/**
 * The order was paid in full. It can be as long as it waits for payment, even a moment after `payBefore`: what
 * counts is whether it was still there to be paid.
 *
 * @throws ShopError `illegal-transition`
 */
export function pay<O extends Order>(order: O, now: number): O {
  return changed(order, { status: transition(order.status, "pay"), payBefore: null }, now);
}

/**
 * The order was not paid in time.
 *
 * @throws ShopError `illegal-transition`
 */
export function expire<O extends Order>(order: O, now: number): O {
  return changed(order, { status: transition(order.status, "expire"), payBefore: null }, now);
}

/**
 * Calls the order off. What was paid is due back in full, what is packed is unpacked. Customers can do so until it is
 * paid. An order of which goods were sent or came back already is returned to the end instead, so that nothing goes back
 * on the shelf that is not there, or twice.
 *
 * @throws ShopError `illegal-transition`
 */
export function cancel<O extends OrderWithLines>(order: O, by: "customer" | "staff", now: number): O {
  const status = transition(order.status, "cancel");
  if (order.status === "placed") return changed(order, { status, payBefore: null }, now);
  if (by === "customer") throw illegalTransition(order.status, "A paid order is cancelled by the shop's staff");
  if (order.lines.some((line) => line.shippedQuantity > 0))
    throw illegalTransition(order.status, "Goods were sent already; take them back, and the rest as well");
  if (order.lines.some((line) => line.returnedQuantity > 0))
    throw illegalTransition(order.status, "Goods came back already; take back the rest as well");
  const lines = order.lines.map((line) => ({ ...line, packedQuantity: 0 }));
  return changed(order, { status, lines, refunded: order.total }, now);
}

/**
 * Money of a paid order is given back, and its goods stay where they are.
 *
 * @param amount minor units; all that is left when absent
 * @returns the order and what is given back
 * @throws ShopError `illegal-transition`; `limit-reached` with what is left as `limit`
 */
export function giveBack<O extends Order>(order: O, amount: number | undefined, now: number): { order: O; amount: number } {
  // What an order kept when its goods came back, such as shipping, can be given back and leaves it returned.
  const whenAllIsGiven = order.status === "returned" ? "returned" : transition(order.status, "refund");
  const left = order.total - order.refunded;
  const given = amount ?? left;
  if (given > left || given === 0)
    throw new ShopError("limit-reached", `Of this order ${left} can be given back`, { limit: left });
  const status = given === left ? whenAllIsGiven : order.status;
  return { order: changed(order, { status, refunded: order.refunded + given }, now), amount: given };
}

export interface TakenBack<O extends OrderWithLines> {
  readonly order: O;
  /** One a line, in the order in which they were named. */
  readonly lines: readonly (LineQuantity & {
    readonly variantId: string;
    /** Those that had never been sent. */
    readonly withdrawn: number;
  })[];
  /** What these goods give back, in minor units. */
  readonly refund: number;
}

/**
 * Takes goods of a paid order back, at the price that was paid for them; what was sent counts as back before what was
 * not. Shipping is not given back, and never more than is left of what the goods of the order cost after discount:
 * nothing, when all was refunded before. With the last of its goods the order is `returned`.
 *
 * @param wanted a line may be named twice; its quantities are added up
 * @throws ShopError `illegal-transition`; `not-found` for a line of another order; `limit-reached` with the line and
 * how many of it are left to take back as `limit`
 */
export function takeBack<O extends OrderWithLines>(
  order: O,
  wanted: readonly LineQuantity[],
  now: number,
): TakenBack<O> {
  const afterLast = transition(order.status, "return");
  const quantities = quantitiesByLine(order.lines, wanted, returnable, "taken back");
  const lines = order.lines.map((line) => afterReturn(line, quantities.get(line) ?? 0));
  const worth = [...quantities].reduce((sum, [line, quantity]) => sum + paidFor(line, quantity), 0);
  const refund = Math.max(0, Math.min(worth, order.subtotal - order.discount - order.refunded));
  const isLast = lines.every((line) => line.returnedQuantity === line.quantity);
  const status = isLast ? afterLast : statusByGoods(order.status, lines);
  return {
    order: changed(order, { status, refunded: order.refunded + refund, lines }, now),
    lines: [...quantities].map(([line, quantity]) => ({
      lineId: line.id,
      quantity,
      variantId: line.variantId,
      withdrawn: afterReturn(line, quantity).withdrawnQuantity - line.withdrawnQuantity,
    })),
    refund,
  };
}

/**
 * What was paid for the next pieces of a line that come back. A line's pieces cost what the line cost after discount,
 * to the penny: whichever portions they come back in, all of them together are worth exactly that.
 */
export function paidFor({ quantity, returnedQuantity, unitPrice, discount }: OrderLine, pieces: number): number {
  const paid = quantity * unitPrice - discount;
  const after = (returned: number) => proportionOf(paid, returned, quantity);
  return after(returnedQuantity + pieces) - after(returnedQuantity);
}

/** A new version of the order. Its time never goes back, also when a clock does. */
export function changed<O extends Order>(order: O, change: Partial<OrderWithLines>, now: number): O {
  return { ...order, ...change, version: order.version + 1, updatedAt: Math.max(order.updatedAt, now) };
}
