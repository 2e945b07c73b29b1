import type { SellerConfig } from "../../../config/index.ts";
import type { Address } from "../../contract/fields.ts";
import type { OrderWithLines } from "./order.ts";
import { proportionOf } from "./rounding.ts";

/** What a paid order's customer is billed for. Amounts are minor units of its currency, times milliseconds, UTC. */
export interface Invoice {
  /** The order's own number: an order has one invoice. */
  readonly number: string;
  /** When the order was paid: the invoice never becomes another one, only refunds are added. */
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
  /** Hundredths of a percent; null for orders from before it was kept with them. */
  readonly taxRateBasisPoints: number | null;
  readonly refunds: readonly InvoiceRefund[];
  /** Σ of the refunds. */
  readonly refunded: number;
  /** What is left to the seller: total − refunded. */
  readonly remaining: number;
  /** Contained in what is left. */
  readonly taxRemaining: number;
}

export interface InvoiceLine {
  readonly name: string;
  /** `size M, colour red`; empty for a product without options. */
  readonly options: string;
  readonly sku: string;
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

/** What the order itself does not tell. */
export interface Circumstances {
  readonly seller: SellerConfig;
  readonly paidAt: number;
  /** In the order in which they were given. */
  readonly refunds: readonly InvoiceRefund[];
}

/**
 * All that was given back. Of orders from before refunds were kept one by one, the rest is put down to the step that gave
 * back all that was left.
 *
 * @param refunded the sum of it all
 * @param known in the order in which they were given
 * @param steps of the order, in the order in which they were taken
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

/** The invoice of an order that was paid, whatever became of it later. */
export function invoiceOf(order: OrderWithLines, { seller, paidAt, refunds }: Circumstances): Invoice {
  const remaining = order.total - order.refunded;
  return {
    number: order.number,
    issuedAt: paidAt,
    orderedAt: order.placedAt,
    seller,
    buyer: order.shippingAddress,
    currency: order.currency,
    lines: order.lines.map((line) => ({
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
