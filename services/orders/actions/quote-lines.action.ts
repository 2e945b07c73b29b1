import { pricePurchase } from "../checkout/price-purchase.ts";
import { pricedParts } from "../domain/part.ts";
import { action } from "../orders.dependencies.ts";
import { presentOutcome } from "../present-coupon.ts";
import { presentPricedPart, presentTotals } from "../present.ts";

/** Uses the order's own pricing function, so a quote is exact unless data change. */
export const quoteLines = action("orders.price", async ({ params, now }, dependencies) => {
  const { totals, discounts, coupon } = await pricePurchase(params, now, dependencies);
  const parts = pricedParts(params.lines, discounts, totals, dependencies.pricing, params.country);
  return {
    ...presentTotals(totals),
    coupon: coupon && presentOutcome(coupon, totals.currency),
    parts: parts.map((part) => presentPricedPart(part, totals.currency)),
  };
});
