import type { Env } from "./env.ts";

/** Tax and shipping of one destination country. */
export interface DestinationTerms {
  /** Tax contained in prices, in hundredths of a percent. */
  readonly taxRateBasisPoints: number;
  readonly shippingMinor: number;
  /** Goods worth at least this ship free; null: never. */
  readonly freeShippingFromMinor: number | null;
}

/** Terms of every country that is not listed in `destinations`. */
export interface PricingConfig extends DestinationTerms {
  readonly currency: string;
  /** By ISO 3166-1 alpha-2 code. */
  readonly destinations: ReadonlyMap<string, DestinationTerms>;
}

export function pricingConfig(env: Env): PricingConfig {
  const usual: DestinationTerms = {
    taxRateBasisPoints: env.TAX_RATE_BASIS_POINTS,
    shippingMinor: env.SHIPPING_MINOR,
    freeShippingFromMinor: env.FREE_SHIPPING_FROM_MINOR,
  };
  const destinations = new Map(
    Object.entries(env.DESTINATIONS).map(([country, own]): [string, DestinationTerms] => [
      country,
      {
        taxRateBasisPoints: own.taxRateBasisPoints ?? usual.taxRateBasisPoints,
        shippingMinor: own.shippingMinor ?? usual.shippingMinor,
        freeShippingFromMinor:
          own.freeShippingFromMinor === undefined ? usual.freeShippingFromMinor : own.freeShippingFromMinor,
      },
    ]),
  );
  return { currency: env.CURRENCY, ...usual, destinations };
}
