import type { DestinationTerms, PricingConfig } from "../../../config/index.ts";
import type { Money } from "../../contract/money.ts";
import { proportionOf } from "./rounding.ts";

/** What is bought, at the price of one. */
export interface PricedLine {
  readonly quantity: number;
  readonly unitPrice: Money;
}

/** Minor units of the shop's currency. */
export interface Totals {
  readonly currency: string;
  /** Σ quantity × unit price. */
  readonly subtotal: number;
  readonly discount: number;
  readonly shipping: number;
  /** Contained in the total, not added to it. */
  readonly tax: number;
  /** Hundredths of a percent; null for orders from before it was kept with them. */
  readonly taxRateBasisPoints: number | null;
  /** subtotal − discount + shipping. */
  readonly total: number;
}

/** What bears on a price besides the goods. */
export interface Circumstances {
  /** What is taken off, in minor units; never more than the subtotal. */
  readonly discount: number;
  /** Where the order goes (ISO 3166-1 alpha-2); null when that is not known yet. */
  readonly country: string | null;
}

/** Σ quantity × unit price, in minor units. */
export function subtotalOf(lines: readonly PricedLine[]): number {
  return lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice.amount, 0);
}

/**
 * What an order of these lines comes to.
 *
 * Prices, shipping included, contain tax. Shipping and tax follow the terms of the country, or the shop's where it has
 * none of its own. Shipping is a flat amount, and free when there is nothing to ship or the goods before discount are
 * worth at least the threshold, so that a coupon never makes an order dearer. The tax is computed once from the total
 * and rounded half up, not line by line, so that it never depends on how goods are spread over lines.
 *
 * @throws Error when a price is not in the shop's currency: the catalogue and the settings disagree
 */
export function priceLines(
  lines: readonly PricedLine[],
  pricing: PricingConfig,
  { discount, country }: Circumstances = { discount: 0, country: null },
): Totals {
  const { currency } = pricing;
  for (const { unitPrice } of lines)
    if (unitPrice.currency !== currency) throw new Error(`a price in ${unitPrice.currency} in a shop of ${currency}`);

  const subtotal = subtotalOf(lines);
  if (discount > subtotal) throw new Error(`a discount of ${discount} on goods worth ${subtotal}`);
  const terms = termsOf(country, pricing);
  const shipping = lines.length === 0 || shipsFree(subtotal, terms) ? 0 : terms.shippingMinor;
  const total = subtotal - discount + shipping;
  // Of a price that contains tax, rate ÷ (1 + rate) is tax.
  const { taxRateBasisPoints } = terms;
  const tax = proportionOf(total, taxRateBasisPoints, 10_000 + taxRateBasisPoints);
  return { currency, subtotal, discount, shipping, tax, taxRateBasisPoints, total };
}

function termsOf(country: string | null, pricing: PricingConfig): DestinationTerms {
  return (country === null ? undefined : pricing.destinations.get(country)) ?? pricing;
}

function shipsFree(subtotal: number, { freeShippingFromMinor }: DestinationTerms): boolean {
  return freeShippingFromMinor !== null && subtotal >= freeShippingFromMinor;
}
