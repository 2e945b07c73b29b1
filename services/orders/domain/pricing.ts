import type { DestinationTerms, PricingConfig } from "../../../config/index.ts";
import type { Money } from "../../../mixins/contract/money.ts";
import { proportionOf } from "../../../mixins/support/rounding.ts";

/** A quantity at a unit price. */
export interface PricedLine {
  readonly quantity: number;
  readonly unitPrice: Money;
  /** Null or absent for the shop itself. */
  readonly merchantId?: string | null | undefined;
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
  /** Hundredths of a percent; null for orders older than this field. */
  readonly taxRateBasisPoints: number | null;
  /** subtotal − discount + shipping. */
  readonly total: number;
}

/** Inputs of a price besides the goods. */
export interface Circumstances {
  /** Discount in minor units; at most the subtotal. */
  readonly discount: number;
  /** Destination country (ISO 3166-1 alpha-2); null when unknown. */
  readonly country: string | null;
}

/** Σ quantity × unit price, in minor units. */
export function subtotalOf(lines: readonly PricedLine[]): number {
  return lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice.amount, 0);
}

/**
 * Prices an order. Prices and shipping contain tax; their terms are the country's, or the shop's default. Each
 * merchant ships by itself: see `shippingByMerchant`. Tax is computed once from the total, rounded half up, and
 * so independent of the lines.
 *
 * @throws Error when a price is not in the shop's currency: catalogue and settings disagree
 */
export function priceLines(
  lines: readonly PricedLine[],
  pricing: PricingConfig,
  { discount, country }: Circumstances = { discount: 0, country: null },
): Totals {
  const { currency } = pricing;
  for (const { unitPrice } of lines)
    if (unitPrice.currency !== currency)
      throw new Error(`a price in ${unitPrice.currency} in a shop of ${currency}`);

  const subtotal = subtotalOf(lines);
  if (discount > subtotal) throw new Error(`a discount of ${discount} on goods worth ${subtotal}`);
  const terms = termsOf(country, pricing);
  const shipping = shippingByMerchant(lines, pricing, country)
    .values()
    .reduce((sum, amount) => sum + amount, 0);
  const total = subtotal - discount + shipping;
  // Of a price that contains tax, rate ÷ (1 + rate) is tax.
  const { taxRateBasisPoints } = terms;
  const tax = proportionOf(total, taxRateBasisPoints, 10_000 + taxRateBasisPoints);
  return { currency, subtotal, discount, shipping, tax, taxRateBasisPoints, total };
}

/**
 * Shipping of each merchant's goods: flat, and free when they reach the threshold before discount, so that a
 * coupon cannot raise a total.
 */
export function shippingByMerchant(
  lines: readonly PricedLine[],
  pricing: PricingConfig,
  country: string | null,
): ReadonlyMap<string | null, number> {
  const terms = termsOf(country, pricing);
  const ofMerchants = Map.groupBy(lines, ({ merchantId }) => merchantId ?? null);
  return new Map(
    [...ofMerchants].map(([merchantId, its]) => [
      merchantId,
      shipsFree(subtotalOf(its), terms) ? 0 : terms.shippingMinor,
    ]),
  );
}

function termsOf(country: string | null, pricing: PricingConfig): DestinationTerms {
  return (country === null ? undefined : pricing.destinations.get(country)) ?? pricing;
}

function shipsFree(subtotal: number, { freeShippingFromMinor }: DestinationTerms): boolean {
  return freeShippingFromMinor !== null && subtotal >= freeShippingFromMinor;
}
