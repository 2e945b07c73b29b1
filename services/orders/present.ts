import type { Actor } from "../contract/caller.ts";
import type { Result } from "../contract/calls.ts";
import { toTimestamp } from "../contract/fields.ts";
import type { Money } from "../contract/money.ts";
import type { Payment } from "./data/payment-repository.ts";
import type { Refund } from "./data/refund-repository.ts";
import type { GoodsReturn } from "./data/return-repository.ts";
import type { Order, OrderWithLines } from "./domain/order.ts";
import type { Totals } from "./domain/pricing.ts";
import type { Shipment } from "./domain/shipment.ts";

/** An order as lists show it. */
export function presentSummary(order: Order): Result<"orders.list">["items"][number] {
  const { currency } = order;
  return {
    id: order.id,
    number: order.number,
    customerId: order.customerId,
    status: order.status,
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
    ...presentTotals(order),
    coupon: order.couponCode,
    lines: order.lines.map((line) => ({
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
    })),
    shippingAddress: order.shippingAddress,
    note: order.note,
  };
}

export function presentTotals({ currency, ...totals }: Totals): Omit<Result<"orders.price">, "coupon"> {
  const money = (amount: number): Money => ({ amount, currency });
  return {
    subtotal: money(totals.subtotal),
    discount: money(totals.discount),
    shipping: money(totals.shipping),
    tax: money(totals.tax),
    total: money(totals.total),
  };
}

export function presentPayment(payment: Payment): Result<"orders.payments.list">["items"][number] {
  const { currency, receivedAmount, receivedCurrency } = payment;
  return {
    id: payment.id,
    orderId: payment.orderId,
    provider: payment.provider,
    status: payment.status,
    reference: payment.reference,
    amount: { amount: payment.amount, currency },
    refunded: { amount: payment.refunded, currency },
    received: receivedAmount === null ? null : { amount: receivedAmount, currency: receivedCurrency ?? currency },
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

/** Who did something: `user:<id>`, `system:<name>` or `operator:<name>`. */
export function presentActor({ kind, id }: Actor): string {
  return id === undefined ? kind : `${kind}:${id}`;
}
