import { ShopError } from "../../../mixins/contract/errors.ts";
import { changed } from "./order.ts";
import type { buyerStates } from "../contract/orders.ts";
import type { Order, OrderLine, OrderPart, OrderWithLines } from "./order-model.ts";
import type { OrderStatus } from "./order-status.ts";
import { illegalTransition } from "./order-status.ts";

export type BuyerState = (typeof buyerStates)[number];

/** Whether the customer can confirm the receipt of the part. */
function isAwaitingReceipt({ status, receivedAt }: OrderPart): boolean {
  return receivedAt === null && (status === "shipped" || status === "delivered");
}

/**
 * Parts whose receipt can be confirmed.
 *
 * @param partId undefined: all parts
 * @param held ids of parts with an open after-sale; null among them for the whole order
 * @returns none when they are received already
 * @throws ShopError `not-found` for a part of another order; `illegal-transition` with the status as `from`,
 *   when none is shipped in full or an after-sale is open
 */
export function receivableParts(
  { parts }: OrderWithLines,
  partId: string | undefined,
  held: ReadonlySet<string | null>,
): readonly OrderPart[] {
  const wanted = parts.filter(({ id }) => partId === undefined || id === partId);
  const [first] = wanted;
  if (!first) throw new ShopError("not-found", "The order has no such part", { partId });
  const awaiting = wanted.filter(isAwaitingReceipt);
  const free = awaiting.filter(({ id }) => !held.has(id) && !held.has(null));
  if (free.length > 0) return free;
  const [delayed] = awaiting;
  if (delayed) throw illegalTransition(delayed.status, "A request for after-sale service is open");
  if (wanted.some(({ receivedAt }) => receivedAt !== null)) return [];
  throw illegalTransition(first.status, "Nothing was shipped in full that awaits receipt");
}

/** The order after the receipt of one part. */
export function receive(order: OrderWithLines, partId: string, now: number): OrderWithLines {
  const parts = order.parts.map((part) =>
    part.id === partId ? { ...part, receivedAt: now, receivableSince: null } : part,
  );
  return changed(order, { parts, receivedAt: receivedAtOf(parts) }, now);
}

const needsNoReceipt: ReadonlySet<OrderStatus> = new Set(["returned", "refunded", "cancelled"]);

/** Receipt of the last part; null while one awaits it. Returned and refunded parts need none. */
export function receivedAtOf(parts: readonly OrderPart[]): number | null {
  if (parts.some(({ receivedAt, status }) => receivedAt === null && !needsNoReceipt.has(status))) return null;
  return parts.reduce<number | null>(
    (last, { receivedAt }) => (receivedAt === null ? last : Math.max(last ?? 0, receivedAt)),
    null,
  );
}

/** Lines of a part of which the customer keeps some. */
export function keptLines({ lines }: OrderWithLines, partId: string): readonly OrderLine[] {
  return lines.filter((line) => line.partId === partId && line.returnedQuantity < line.quantity);
}

/** The parts of an order that a hold concerns, not receivable; or receivable from now on, when it ends. */
export function withHold(
  { parts }: OrderWithLines,
  partId: string | null,
  since: number | null,
): readonly OrderPart[] {
  return parts.map((part) =>
    (partId === null || part.id === partId) && isAwaitingReceipt(part)
      ? { ...part, receivableSince: since }
      : part,
  );
}

/** What a buyer calls the state of an order. `data/buyer-state.ts` says the same in SQL. */
export function stateOf(order: Pick<Order, "status" | "receivedAt" | "afterSales" | "toReview">): BuyerState {
  if (order.status === "placed") return "to-pay";
  if (order.afterSales > 0) return "after-sale";
  switch (order.status) {
    case "paid":
    case "packed":
      return "to-ship";
    case "shipped":
    case "delivered":
      if (order.receivedAt === null) return "to-receive";
      return order.toReview > 0 ? "to-review" : "closed";
    case "cancelled":
    case "expired":
    case "refunded":
    case "returned":
      return "closed";
  }
}
