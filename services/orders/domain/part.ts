import type { PricingConfig } from "../../../config/index.ts";
import type { Order, OrderLine, OrderPart, OrderWithLines, PartAmounts, PartState } from "./order-model.ts";
import type { OrderStatus } from "./order-status.ts";
import type { PricedLine, Totals } from "./pricing.ts";
import { shippingByMerchant, subtotalOf } from "./pricing.ts";
import { transition, transitions } from "./order-status.ts";
import { statusByFulfilment } from "./fulfilment.ts";
import { allocate } from "../../../mixins/support/rounding.ts";

/** A share of a refund. */
export interface PartShare {
  readonly partId: string;
  readonly merchantId: string | null;
  readonly amount: number;
}

type Whole = Pick<Order, "status" | "subtotal" | "discount" | "shipping" | "tax" | "total" | "refunded">;

/**
 * The parts of an order, in the order of their first lines.
 *
 * @param states of stored parts by id; an unpaid order has none, nor do orders that an earlier version has paid
 */
export function partsOf(
  order: Whole,
  lines: readonly OrderLine[],
  states: ReadonlyMap<string, PartState> = new Map(),
): OrderPart[] {
  const groups = [...Map.groupBy(lines, ({ partId }) => partId)];
  const isOnly = groups.length === 1;
  // Lines of earlier versions do not tell the shipping; their orders have one part.
  const amounts = isOnly
    ? [order]
    : shareTax(
        order.tax,
        groups.map(([, its]) => amountsOf(its)),
      );
  return groups.flatMap(([id, its], index) => {
    const ofPart = amounts[index];
    if (!ofPart) return [];
    const { subtotal, discount, shipping, tax, total } = ofPart;
    const merchantId = its[0]?.merchantId ?? null;
    const state = states.get(id) ?? unstoredState(order, its, isOnly);
    return { id, merchantId, subtotal, discount, shipping, tax, total, ...state };
  });
}

function amountsOf(lines: readonly OrderLine[]): Omit<PartAmounts, "tax"> {
  const subtotal = sum(lines.map(({ quantity, unitPrice }) => quantity * unitPrice));
  const discount = sum(lines.map((line) => line.discount));
  const shipping = sum(lines.map((line) => line.shipping));
  return { subtotal, discount, shipping, total: subtotal - discount + shipping };
}

/**
 * The parts of a purchase that is not an order yet, one for each merchant, in the order of their first lines.
 *
 * @param discounts of the lines
 */
export function pricedParts(
  lines: readonly PricedLine[],
  discounts: readonly number[],
  totals: Totals,
  pricing: PricingConfig,
  country: string | null,
): readonly (PartAmounts & { readonly merchantId: string | null })[] {
  const discounted = lines.map((line, index) => ({ ...line, share: discounts[index] ?? 0 }));
  const ofMerchants = Map.groupBy(discounted, ({ merchantId }) => merchantId ?? null);
  const shippingOf = shippingByMerchant(lines, pricing, country);
  const amounts = [...ofMerchants].map(([merchantId, its]) => {
    const subtotal = subtotalOf(its);
    const discount = sum(its.map(({ share }) => share));
    const shipping = shippingOf.get(merchantId) ?? 0;
    return { subtotal, discount, shipping, total: subtotal - discount + shipping };
  });
  const merchants = [...ofMerchants.keys()];
  return shareTax(totals.tax, amounts).map((part, index) => ({
    ...part,
    merchantId: merchants[index] ?? null,
  }));
}

/** Splits the tax in proportion to the totals. */
export function shareTax(tax: number, parts: readonly Omit<PartAmounts, "tax">[]): PartAmounts[] {
  const totals = parts.map(({ total }) => total);
  const taxes = allocate(Math.min(tax, sum(totals)), totals);
  return parts.map((part, index) => ({ ...part, tax: taxes[index] ?? 0 }));
}

/** The state of a part that is not stored, as far as its lines tell it. */
function unstoredState({ status, refunded }: Whole, lines: readonly OrderLine[], isOnly: boolean): PartState {
  const ownStatus = isOnly || !isInFulfilment(status) ? status : statusOfLines("paid", lines);
  return {
    status: ownStatus,
    refunded: isOnly ? refunded : 0,
    receivableSince: null,
    receivedAt: null,
    isStored: false,
  };
}

/** Whether goods of a part in this status are to be shipped. */
export function isShippable(status: OrderStatus): boolean {
  return "ship" in transitions[status];
}

/** Whether goods of a part in this status can be returned. */
export function isReturnable(status: OrderStatus): boolean {
  return "return" in transitions[status];
}

function isInFulfilment(status: OrderStatus): boolean {
  return status !== "refunded" && isReturnable(status);
}

/** Status of a part or of an order after its goods moved; only the last of them changes it. */
function statusOfLines(status: OrderStatus, lines: readonly OrderLine[]): OrderStatus {
  if (!isReturnable(status)) return status;
  return lines.every((line) => line.returnedQuantity === line.quantity)
    ? transition(status, "return")
    : statusByFulfilment(status, lines);
}

/**
 * Statuses of an order and of its parts after goods moved or a part was refunded. The goods of a refunded part
 * need no fulfilment.
 */
export function fulfilled(
  { status, parts }: Pick<OrderState, "status" | "parts">,
  lines: readonly OrderLine[],
  now: number,
): Pick<OrderState, "status" | "parts"> {
  const linesOf = Map.groupBy(lines, ({ partId }) => partId);
  const moved = parts.map((part) =>
    withStatus(part, statusOfLines(part.status, linesOf.get(part.id) ?? []), now),
  );
  const refunded = new Set(moved.filter((part) => part.status === "refunded").map(({ id }) => id));
  const live = lines.filter(({ partId }) => !refunded.has(partId));
  return { status: statusOfLines(status, live.length > 0 ? live : lines), parts: moved };
}

interface OrderState {
  readonly status: OrderStatus;
  readonly parts: readonly OrderPart[];
}

/** A part in another status. What was shipped or delivered in full can be received from then on. */
export function withStatus(part: OrderPart, status: OrderStatus, now: number): OrderPart {
  if (status === part.status) return part;
  const isReceivable = (status === "shipped" || status === "delivered") && part.receivedAt === null;
  return { ...part, status, receivableSince: isReceivable ? now : null };
}

/** How a change of an order shares what it refunds. */
export function refundedShares(
  before: readonly OrderPart[],
  after: readonly OrderPart[],
): readonly PartShare[] {
  return after
    .map(({ id, merchantId, refunded }) => ({
      partId: id,
      merchantId,
      amount: refunded - (before.find((part) => part.id === id)?.refunded ?? 0),
    }))
    .filter(({ amount }) => amount > 0);
}

/** Splits a refund in proportion to what is left of each part. */
export function shareOut(amount: number, parts: readonly OrderPart[]): readonly PartShare[] {
  const shares = allocate(
    amount,
    parts.map(({ total, refunded }) => total - refunded),
  );
  return parts
    .map(({ id, merchantId }, index) => ({ partId: id, merchantId, amount: shares[index] ?? 0 }))
    .filter((share) => share.amount > 0);
}

export function withRefunds(
  parts: readonly OrderPart[],
  shares: readonly Omit<PartShare, "merchantId">[],
): OrderPart[] {
  const sharesOf = Map.groupBy(shares, ({ partId }) => partId);
  return parts.map((part) => ({
    ...part,
    refunded: part.refunded + sum((sharesOf.get(part.id) ?? []).map(({ amount }) => amount)),
  }));
}

/** Whether an earlier version, which knows no parts, has changed the order. */
export function isIncomplete({
  parts,
  status,
  refunded,
}: OrderState & { readonly refunded: number }): boolean {
  const isPaid = isReturnable(status) || status === "returned";
  if (parts.some(({ isStored }) => !isStored)) return isPaid;
  return sum(parts.map((part) => part.refunded)) !== refunded;
}

/**
 * Completes the parts of an order that an earlier version has changed: refunds that belong to no part are shared
 * out, and goods decide the statuses.
 *
 * @param shared shares of refunds
 * @param unshared amounts of refunds without shares, oldest first
 * @returns the parts, and the shares of each unshared refund
 */
export function completedParts(
  order: Pick<OrderWithLines, "status" | "updatedAt" | "lines" | "parts">,
  shared: readonly Omit<PartShare, "merchantId">[],
  unshared: readonly number[],
): { readonly parts: readonly OrderPart[]; readonly shares: readonly (readonly PartShare[])[] } {
  const none = order.parts.map((part) => ({ ...part, refunded: 0 }));
  let parts = withRefunds(none, shared);
  const shares = unshared.map((amount) => {
    const left = sum(parts.map((part) => part.total - part.refunded));
    const shareOfEach = shareOut(Math.min(amount, left), parts);
    parts = withRefunds(parts, shareOfEach);
    return shareOfEach;
  });
  const linesOf = Map.groupBy(order.lines, ({ partId }) => partId);
  const stated = parts.map((part) => {
    const known = part.isStored ? part : { ...part, status: "paid" as const };
    const isOrders = parts.length === 1 || !isInFulfilment(order.status);
    const status = isOrders ? order.status : statusOfLines(known.status, linesOf.get(part.id) ?? []);
    return withStatus(known, status, order.updatedAt);
  });
  return { parts: stated, shares };
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
