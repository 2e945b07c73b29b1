import { ShopError } from "../../../mixins/contract/errors.ts";
import type { LineQuantity } from "./fulfilment.ts";
import { afterReturn, quantitiesByLine, returnable } from "./fulfilment.ts";
import type { OrderStatus } from "./order-status.ts";
import { illegalTransition, transition } from "./order-status.ts";
import type { Order, OrderLine, OrderPart, OrderWithLines } from "./order-model.ts";
import { fulfilled, isReturnable, shareOut, withRefunds, withStatus } from "./part.ts";
import { proportionOf } from "../../../mixins/support/rounding.ts";

/**
 * Marks the order as paid in full. Allowed while it awaits payment, even after `payBefore`, as long as it has
 * not expired.
 *
 * @throws ShopError `illegal-transition`
 */
export function pay<O extends OrderWithLines>(order: O, now: number): O {
  return changed(order, { ...inStatus(order, transition(order.status, "pay"), now), payBefore: null }, now);
}

/**
 * Expires an unpaid order.
 *
 * @throws ShopError `illegal-transition`
 */
export function expire<O extends OrderWithLines>(order: O, now: number): O {
  return changed(
    order,
    { ...inStatus(order, transition(order.status, "expire"), now), payBefore: null },
    now,
  );
}

/**
 * Cancels the order: refunds everything paid and unpacks packed goods. Customers may cancel until payment.
 * Orders with shipped or returned goods must be returned instead, so that no goods are put back on sale twice
 * or while away.
 *
 * @throws ShopError `illegal-transition`
 */
export function cancel<O extends OrderWithLines>(order: O, by: "customer" | "staff", now: number): O {
  const cancelled = inStatus(order, transition(order.status, "cancel"), now);
  if (order.status === "placed") return changed(order, { ...cancelled, payBefore: null }, now);
  if (by === "customer")
    throw illegalTransition(order.status, "Only the shop's staff can cancel a paid order");
  if (order.lines.some((line) => line.shippedQuantity > 0))
    throw illegalTransition(order.status, "Goods were shipped already; record a return of all goods instead");
  if (order.lines.some((line) => line.returnedQuantity > 0))
    throw illegalTransition(order.status, "Goods were returned already; record a return of the rest instead");
  const lines = order.lines.map((line) => ({ ...line, packedQuantity: 0 }));
  const parts = cancelled.parts.map((part) => ({ ...part, refunded: part.total }));
  return changed(order, { ...cancelled, lines, parts, refunded: order.total }, now);
}

/** A status of the whole order and of all its parts. */
function inStatus({ parts }: OrderWithLines, status: OrderStatus, now: number) {
  return { status, parts: parts.map((part) => withStatus(part, status, now)) };
}

/**
 * Refunds money of a paid order without returning goods: of one part, or of all in proportion to what is left
 * of them. A part of which all is refunded is `refunded`, and its goods need not be shipped.
 *
 * @param amount minor units; the whole remainder when absent
 * @param partId undefined: of all parts
 * @returns the order and the refunded amount
 * @throws ShopError `illegal-transition`; `not-found` for a part of another order; `limit-reached` with the
 *   remainder as `limit`
 */
export function refundOrder<O extends OrderWithLines>(
  order: O,
  amount: number | undefined,
  now: number,
  partId?: string,
): { order: O; amount: number } {
  const from = order.parts.filter(({ id }) => partId === undefined || id === partId);
  if (from.length === 0) throw new ShopError("not-found", "The order has no such part", { partId });
  // The rest kept at a return, such as shipping, can be refunded; the order stays returned.
  const statusAfterFullRefund = order.status === "returned" ? "returned" : transition(order.status, "refund");
  const left = from.reduce((sum, { total, refunded }) => sum + total - refunded, 0);
  const refundAmount = amount ?? left;
  if (refundAmount > left || refundAmount === 0)
    throw new ShopError(
      "limit-reached",
      `Of this ${partId === undefined ? "order" : "part"} ${left} can be refunded`,
      { limit: left },
    );
  const refunded = order.refunded + refundAmount;
  const shares = shareOut(refundAmount, from);
  const isLast = refunded === order.total;
  const isRefunded = ({ id, refunded: ofPart, total }: OrderPart) =>
    // With the last of the order, also a part that costs nothing.
    isLast || (ofPart === total && shares.some((share) => share.partId === id));
  const withShares = withRefunds(order.parts, shares);
  const parts = withShares.map((part) =>
    isRefunded(part) && part.status !== "returned" ? withStatus(part, "refunded", now) : part,
  );
  const after = isLast
    ? { status: statusAfterFullRefund, parts }
    : parts.some(({ status }, index) => status !== order.parts[index]?.status)
      ? fulfilled({ status: order.status, parts }, order.lines, now)
      : { status: order.status, parts };
  return { order: changed(order, { ...after, refunded }, now), amount: refundAmount };
}

export interface ReturnResult<O extends OrderWithLines> {
  readonly order: O;
  /** One per line, in the order given. */
  readonly lines: readonly (LineQuantity & {
    readonly variantId: string;
    readonly productId: string;
    readonly merchantId: string | null;
    /** Those never shipped. */
    readonly withdrawn: number;
    /** For these goods, in minor units. */
    readonly refund: number;
  })[];
  /** Refund for these goods in minor units. */
  readonly refund: number;
}

/**
 * Records returned goods of a paid order at the price paid; shipped goods count as returned before unshipped
 * ones. The refund excludes shipping and is at most what remains of the discounted goods of each part. With the
 * last of its goods the order is `returned`, and so is a part.
 *
 * @param wanted repeated lines are added up
 * @param take what the return leaves of a line; `afterWithdrawal` when none of the goods were shipped
 * @throws ShopError `illegal-transition`; `not-found` for a line of another order; `limit-reached` with the
 *   line and its returnable quantity as `limit`
 */
export function returnGoods<O extends OrderWithLines>(
  order: O,
  wanted: readonly LineQuantity[],
  now: number,
  take: (line: OrderLine, quantity: number) => OrderLine = afterReturn,
): ReturnResult<O> {
  if (!order.parts.some(({ status }) => isReturnable(status))) transition(order.status, "return");
  const quantities = quantitiesByLine(order.lines, wanted, returnable, "taken back");
  const concerned = partsWith(order, [...quantities.keys()]);
  for (const { status } of concerned) transition(status, "return");
  const lines = order.lines.map((line) => take(line, quantities.get(line) ?? 0));
  const leftOf = new Map(
    concerned.map((part) => [part.id, Math.max(0, part.subtotal - part.discount - part.refunded)]),
  );
  const returned = [...quantities].map(([line, quantity]) => {
    const left = leftOf.get(line.partId) ?? 0;
    const refund = Math.min(refundValue(line, quantity), left);
    leftOf.set(line.partId, left - refund);
    const { id: lineId, variantId, productId, merchantId, partId } = line;
    const withdrawn = take(line, quantity).withdrawnQuantity - line.withdrawnQuantity;
    return { lineId, quantity, variantId, productId, merchantId, partId, withdrawn, refund };
  });
  const refund = returned.reduce((sum, line) => sum + line.refund, 0);
  const shares = returned.map(({ partId, merchantId, refund: amount }) => ({ partId, merchantId, amount }));
  const after = fulfilled({ status: order.status, parts: withRefunds(order.parts, shares) }, lines, now);
  return {
    order: changed(order, { ...after, refunded: order.refunded + refund, lines }, now),
    lines: returned,
    refund,
  };
}

/**
 * Asserts that lines are of the caller's merchants.
 *
 * @param merchants undefined: all lines
 * @throws ShopError `not-found` for a line of another merchant, as for one of another order
 */
export function assertLinesOf(
  merchants: readonly string[] | undefined,
  { lines }: OrderWithLines,
  wanted: readonly Pick<LineQuantity, "lineId">[],
): void {
  for (const { lineId } of wanted)
    if (!lines.some((line) => line.id === lineId && isOf(merchants, line)))
      throw new ShopError("not-found", "The order has no such line", { lineId });
}

/** @param merchants undefined: any merchant, and the shop itself */
export function isOf(
  merchants: readonly string[] | undefined,
  { merchantId }: Pick<OrderLine, "merchantId">,
): boolean {
  return merchants === undefined || (merchantId !== null && merchants.includes(merchantId));
}

/** The parts to which lines belong. */
export function partsWith(
  { parts }: OrderWithLines,
  lines: readonly Pick<OrderLine, "partId">[],
): readonly OrderPart[] {
  const ids = new Set(lines.map(({ partId }) => partId));
  return parts.filter(({ id }) => ids.has(id));
}

/**
 * Price paid for the next returned units of a line. In whatever portions they return, the refunds of a line
 * add up to its discounted price exactly.
 */
export function refundValue(
  { quantity, returnedQuantity, unitPrice, discount }: OrderLine,
  pieces: number,
): number {
  const paid = quantity * unitPrice - discount;
  const after = (returned: number) => proportionOf(paid, returned, quantity);
  return after(returnedQuantity + pieces) - after(returnedQuantity);
}

/** A new version of the order. Its times stay monotonic when the clock goes back. */
export function changed<O extends Order>(order: O, change: Partial<OrderWithLines>, now: number): O {
  return { ...order, ...change, version: order.version + 1, updatedAt: Math.max(order.updatedAt, now) };
}
