import type { SellerConfig } from "../../../config/index.ts";
import type { Address } from "../../../mixins/contract/fields.ts";
import type { OrderLine, OrderWithLines } from "./order-model.ts";
import { proportionOf } from "../../../mixins/support/rounding.ts";

/**
 * Invoice of a paid order. Amounts are minor units of its currency, times milliseconds since the Unix epoch.
 */
export interface Invoice {
  /** The order's number: an order has one invoice. */
  readonly number: string;
  /** Time of payment. The invoice stays the same afterwards, except for added refunds. */
  readonly issuedAt: number;
  readonly orderedAt: number;
  readonly seller: SellerConfig;
  readonly buyer: Address;
  readonly currency: string;
  readonly lines: readonly InvoiceLine[];
  readonly subtotal: number;
  readonly discount: number;
  readonly shipping: number;
  readonly total: number;
  /** Contained in the total. */
  readonly tax: number;
  /** Hundredths of a percent; null for orders older than this field. */
  readonly taxRateBasisPoints: number | null;
  readonly refunds: readonly InvoiceRefund[];
  /** Σ of the refunds. */
  readonly refunded: number;
  /** What the seller keeps: total − refunded. */
  readonly remaining: number;
  /** Contained in `remaining`. */
  readonly taxRemaining: number;
}

export interface InvoiceLine {
  readonly name: string;
  /** `size M, colour red`; empty for a product without options. */
  readonly options: string;
  readonly sku: string;
  /** Number of its part, from 1; null for an order of one part. Lines of a part stand together. */
  readonly part: number | null;
  readonly quantity: number;
  readonly unitPrice: number;
  /** Its share of the order's discount. */
  readonly discount: number;
  /** quantity × unit price − discount. */
  readonly amount: number;
}

export interface InvoiceRefund {
  readonly at: number;
  readonly reason: string | null;
  readonly amount: number;
}

/** Inputs besides the order. */
export interface Circumstances {
  readonly seller: SellerConfig;
  readonly paidAt: number;
  /** In chronological order. */
  readonly refunds: readonly InvoiceRefund[];
}

/**
 * All refunds of an order. For orders older than refund records, attributes the remainder to the step that
 * refunded everything left.
 *
 * @param refunded total
 * @param known in chronological order
 * @param steps of the order, in chronological order
 */
export function refundsOf(
  refunded: number,
  known: readonly InvoiceRefund[],
  steps: readonly { readonly event: string; readonly happenedAt: number; readonly reason: string | null }[],
): InvoiceRefund[] {
  const rest = refunded - known.reduce((sum, { amount }) => sum + amount, 0);
  const last = steps.findLast(({ event }) => event === "cancelled" || event === "refunded") ?? steps.at(-1);
  if (rest === 0 || !last) return [...known];
  return [...known, { at: last.happenedAt, reason: last.reason, amount: rest }];
}

/** Builds the invoice of a paid order, whatever its later status. */
export function invoiceOf(order: OrderWithLines, { seller, paidAt, refunds }: Circumstances): Invoice {
  const remaining = order.total - order.refunded;
  const partOf = new Map(order.parts.map(({ id }, index) => [id, index + 1]));
  const numberOf = ({ partId }: OrderLine) => partOf.get(partId) ?? 0;
  const byPart = order.lines.toSorted((one, other) => numberOf(one) - numberOf(other));
  return {
    number: order.number,
    issuedAt: paidAt,
    orderedAt: order.placedAt,
    seller,
    buyer: order.shippingAddress,
    currency: order.currency,
    lines: byPart.map((line) => ({
      part: order.parts.length > 1 ? numberOf(line) : null,
      name: line.name,
      options: Object.entries(line.options)
        .map(([name, value]) => `${name} ${value}`)
        .join(", "),
      sku: line.sku,
      quantity: line.quantity,
      unitPrice: line.unitPrice,
      discount: line.discount,
      amount: line.quantity * line.unitPrice - line.discount,
    })),
    subtotal: order.subtotal,
    discount: order.discount,
    shipping: order.shipping,
    total: order.total,
    tax: order.tax,
    taxRateBasisPoints: order.taxRateBasisPoints,
    refunds,
    refunded: order.refunded,
    remaining,
    taxRemaining: order.total === 0 ? 0 : proportionOf(order.tax, remaining, order.total),
  };
}
