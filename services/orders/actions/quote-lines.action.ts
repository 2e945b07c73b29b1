import { pricePurchase } from "../checkout/price-purchase.ts";
import { action } from "../orders.dependencies.ts";
import { presentOutcome } from "../present-coupon.ts";
import { presentTotals } from "../present.ts";

/** The same function prices the order itself, so a quote is right unless something changes. */
export const quoteLines = action("orders.price", async ({ params, now }, dependencies) => {
  const { totals, coupon } = await pricePurchase(params, now, dependencies);
  return { ...presentTotals(totals), coupon: coupon && presentOutcome(coupon, totals.currency) };
});
