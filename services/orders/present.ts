import type { EventPayload, Result } from "../../mixins/contract/calls.ts";
import { toTimestamp } from "../../mixins/contract/fields.ts";
import type { Money } from "../../mixins/contract/money.ts";
import type { Approval } from "./data/approval-repository.ts";
import type { Payment } from "./data/payment-repository.ts";
import type { Refund } from "./data/refund-repository.ts";
import type { GoodsReturn } from "./data/return-repository.ts";
import type { Order, OrderLine, OrderPart, OrderWithLines, PartAmounts } from "./domain/order-model.ts";
import type { PartShare } from "./domain/part.ts";
import type { Totals } from "./domain/pricing.ts";
import { stateOf } from "./domain/receipt.ts";
import type { Shipment } from "./domain/shipment.ts";

/** @param currency the shop's */
export function presentApproval(approval: Approval, currency: string): Result<"orders.approvals.approve"> {
  const { id, action, request, amount, status, actor, approvedBy, requestedAt, approvedAt } = approval;
  return {
    id,
    action,
    request: { ...request },
    amount: amount === null ? null : { amount, currency },
    status,
    requestedBy: actor,
    approvedBy,
    requestedAt: toTimestamp(requestedAt),
    approvedAt: approvedAt === null ? null : toTimestamp(approvedAt),
  };
}

/** An order in lists. */
export function presentSummary(order: Order): Result<"orders.list">["items"][number] {
  const { currency } = order;
  return {
    id: order.id,
    number: order.number,
    customerId: order.customerId,
    ...(order.contact && { guest: { ...order.contact } }),
    status: order.status,
    state: stateOf(order),
    total: { amount: order.total, currency },
    refunded: { amount: order.refunded, currency },
    payBefore: order.payBefore === null ? null : toTimestamp(order.payBefore),
    version: order.version,
    placedAt: toTimestamp(order.placedAt),
    updatedAt: toTimestamp(order.updatedAt),
  };
}

export function presentOrder(order: OrderWithLines): Result<"orders.get"> {
  const { currency } = order;
  return {
    ...presentSummary(order),
    ...presentAmounts(order, currency),
    coupon: order.couponCode,
    lines: order.lines.map((line) => presentLine(line, currency)),
    parts: order.parts.map((part) => presentPartOfOrder(part, currency)),
    shippingAddress: order.shippingAddress,
    note: order.note,
  };
}

export function presentLine(line: OrderLine, currency: string): Result<"orders.get">["lines"][number] {
  return {
    id: line.id,
    variantId: line.variantId,
    productId: line.productId,
    sku: line.sku,
    name: line.name,
    options: line.options,
    quantity: line.quantity,
    packedQuantity: line.packedQuantity,
    shippedQuantity: line.shippedQuantity,
    deliveredQuantity: line.deliveredQuantity,
    returnedQuantity: line.returnedQuantity,
    unitPrice: { amount: line.unitPrice, currency },
    lineTotal: { amount: line.quantity * line.unitPrice, currency },
    discount: { amount: line.discount, currency },
    merchantId: line.merchantId,
    partId: line.partId,
  };
}

export function presentPartOfOrder(part: OrderPart, currency: string): Result<"orders.get">["parts"][number] {
  return {
    id: part.id,
    merchantId: part.merchantId,
    status: part.status,
    ...presentAmounts(part, currency),
    refunded: { amount: part.refunded, currency },
    receivedAt: part.receivedAt === null ? null : toTimestamp(part.receivedAt),
  };
}

/** Amounts of an order or of a part of it. */
function presentAmounts({ subtotal, discount, shipping, tax, total }: PartAmounts, currency: string) {
  const money = (amount: number): Money => ({ amount, currency });
  return {
    subtotal: money(subtotal),
    discount: money(discount),
    shipping: money(shipping),
    tax: money(tax),
    total: money(total),
  };
}

/** An order's lines, as events tell them. */
export function presentSoldLines({
  currency,
  lines,
}: OrderWithLines): EventPayload<"orders.placed">["lines"] {
  return lines.map((line) => ({
    variantId: line.variantId,
    quantity: line.quantity,
    lineId: line.id,
    productId: line.productId,
    merchantId: line.merchantId,
    ...(line.categoryIds === undefined ? {} : { categoryIds: [...line.categoryIds] }),
    unitPrice: { amount: line.unitPrice, currency },
    discount: { amount: line.discount, currency },
  }));
}

/** `presentSoldLines` with the products' names, which a confirmation shows. */
export function presentNamedLines(order: OrderWithLines): EventPayload<"orders.placed">["lines"] {
  const names = new Map(order.lines.map(({ id, name }) => [id, name]));
  return presentSoldLines(order).map((line) => ({ ...line, name: names.get(line.lineId ?? "") }));
}

/** An order's parts, as events tell them. */
export function presentParts({
  currency,
  parts,
}: OrderWithLines): NonNullable<EventPayload<"orders.placed">["parts"]> {
  return parts.map((part) => {
    const { tax: _tax, ...amounts } = presentAmounts(part, currency);
    return { partId: part.id, merchantId: part.merchantId, ...amounts };
  });
}

/** Shares of an amount, as events tell them. */
export function presentShares(
  shares: readonly PartShare[],
  currency: string,
): NonNullable<EventPayload<"orders.refunded">["parts"]> {
  return shares.map(({ partId, merchantId, amount }) => ({
    partId,
    merchantId,
    amount: { amount, currency },
  }));
}

export function presentTotals(totals: Totals): Omit<Result<"orders.price">, "coupon" | "parts"> {
  return presentAmounts(totals, totals.currency);
}

export function presentPricedPart(
  part: PartAmounts & { readonly merchantId: string | null },
  currency: string,
): Result<"orders.price">["parts"][number] {
  return { merchantId: part.merchantId, ...presentAmounts(part, currency) };
}

export function presentPayment(payment: Payment): Result<"orders.payments.list">["items"][number] {
  const { currency, receivedAmount, receivedCurrency } = payment;
  return {
    id: payment.id,
    orderId: payment.orderId,
    provider: payment.provider,
    ...(payment.methodId !== null && { paymentMethodId: payment.methodId }),
    status: payment.status,
    reference: payment.reference,
    amount: { amount: payment.amount, currency },
    refunded: { amount: payment.refunded, currency },
    received:
      receivedAmount === null ? null : { amount: receivedAmount, currency: receivedCurrency ?? currency },
    failure: payment.failure,
    at: toTimestamp(payment.startedAt),
    paidAt: payment.paidAt === null ? null : toTimestamp(payment.paidAt),
  };
}

export function presentRefund(refund: Refund): Result<"orders.refunds.record"> {
  return {
    id: refund.id,
    orderId: refund.orderId,
    paymentId: refund.paymentId,
    amount: { amount: refund.amount, currency: refund.currency },
    cause: refund.cause,
    reason: refund.reason,
    status: refund.status,
    reference: refund.reference,
    failure: refund.failure,
    attempts: refund.attempts,
    at: toTimestamp(refund.requestedAt),
    settledAt: refund.settledAt === null ? null : toTimestamp(refund.settledAt),
  };
}

export function presentReturn(taken: GoodsReturn): Result<"orders.returns.record"> {
  return {
    id: taken.id,
    orderId: taken.orderId,
    lines: taken.lines.map(({ lineId, quantity }) => ({ lineId, quantity })),
    refund: { amount: taken.refund, currency: taken.currency },
    restocked: taken.disposition === "restocked",
    reason: taken.reason,
    at: toTimestamp(taken.returnedAt),
  };
}

export function presentShipment(shipment: Shipment): Result<"orders.shipments.get"> {
  const time = (milliseconds: number | null) => (milliseconds === null ? null : toTimestamp(milliseconds));
  return {
    id: shipment.id,
    orderId: shipment.orderId,
    status: shipment.status,
    carrier: shipment.carrier,
    trackingNumber: shipment.trackingNumber,
    lines: shipment.lines.map(({ lineId, quantity }) => ({ lineId, quantity })),
    version: shipment.version,
    packedAt: toTimestamp(shipment.packedAt),
    shippedAt: time(shipment.shippedAt),
    deliveredAt: time(shipment.deliveredAt),
    updatedAt: toTimestamp(shipment.updatedAt),
  };
}
