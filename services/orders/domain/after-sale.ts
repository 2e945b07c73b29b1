import type { LineQuantity } from "./fulfilment.ts";
import { afterReturn, afterWithdrawal, keptByCustomer, unpacked } from "./fulfilment.ts";
import type { OrderLine, OrderPart, OrderWithLines } from "./order-model.ts";
import type { ReturnResult } from "./order.ts";
import { returnGoods } from "./order.ts";
import { transitions } from "./order-status.ts";
import { isReturnable } from "./part.ts";

/** The part that sold a line. */
export function partOf({ parts }: OrderWithLines, line: Pick<OrderLine, "partId">): OrderPart | undefined {
  return parts.find(({ id }) => id === line.partId);
}

/**
 * When the customer had all goods of a part (ms): at their delivery or confirmed receipt, whichever came first;
 * null before.
 *
 * @param lastDelivery of a parcel with goods of the part
 */
export function arrivedAt(
  { status, receivedAt }: OrderPart,
  lastDelivery: number | undefined,
): number | null {
  const deliveredAt = status === "delivered" ? (lastDelivery ?? null) : null;
  if (deliveredAt === null || receivedAt === null) return deliveredAt ?? receivedAt;
  return Math.min(deliveredAt, receivedAt);
}

/** What can be refunded of a part while its goods stay with the customer, in minor units. */
export function amountLeft({ status }: OrderWithLines, part: OrderPart): number {
  return status === "returned" || "refund" in transitions[status] ? part.total - part.refunded : 0;
}

/**
 * Goods of an after-sale that go back: those of the wanted ones that are left, since staff may have recorded a
 * return or a cancellation meanwhile.
 *
 * @param unshipped they were not sent; otherwise the customer had them
 * @returns undefined when nothing is left
 */
export function afterSaleReturn(
  order: OrderWithLines,
  wanted: readonly LineQuantity[],
  unshipped: boolean,
  now: number,
): ReturnResult<OrderWithLines> | undefined {
  const leftOf = (lineId: string) => {
    const line = order.lines.find(({ id }) => id === lineId);
    const part = line && partOf(order, line);
    if (!line || !part || !isReturnable(part.status)) return 0;
    return unshipped ? unpacked(line) : keptByCustomer(line);
  };
  const lines = wanted
    .map(({ lineId, quantity }) => ({ lineId, quantity: Math.min(quantity, leftOf(lineId)) }))
    .filter(({ quantity }) => quantity > 0);
  if (lines.length === 0) return undefined;
  return returnGoods(order, lines, now, unshipped ? afterWithdrawal : afterReturn);
}
