import type { PricingConfig } from "../../../config/index.ts";
import type { Money } from "../../contract/money.ts";

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
  /** subtotal − discount + shipping. */
  readonly total: number;
}

/**
 * What an order of these lines comes to.
 *
 * Prices, shipping included, contain tax. Shipping is a flat amount, and free when there is nothing to ship or the
 * goods after discount are worth at least the threshold. The tax is computed once from the total and rounded half up,
 * not line by line, so that it never depends on how goods are spread over lines. No discounts are given yet.
 *
 * @throws Error when a price is not in the shop's currency: the catalogue and the settings disagree
 */
export function priceLines(lines: readonly PricedLine[], pricing: PricingConfig): Totals {
  const { currency } = pricing;
  for (const { unitPrice } of lines)
    if (unitPrice.currency !== currency) throw new Error(`a price in ${unitPrice.currency} in a shop of ${currency}`);

  const subtotal = lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice.amount, 0);
  const discount = 0;
  const goods = subtotal - discount;
  const shipping = lines.length === 0 || goods >= pricing.freeShippingFromMinor ? 0 : pricing.shippingMinor;
  const total = goods + shipping;
  return { currency, subtotal, discount, shipping, tax: containedTax(total, pricing.taxRateBasisPoints), total };
}

/** total × rate ÷ (1 + rate), rounded half up. In whole numbers: the product exceeds what a double holds exactly. */
function containedTax(total: number, rateBasisPoints: number): number {
  const rate = BigInt(rateBasisPoints);
  const whole = 10_000n + rate;
  return Number((2n * BigInt(total) * rate + whole) / (2n * whole));
}
