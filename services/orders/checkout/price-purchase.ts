import { ShopError } from "../../contract/errors.ts";
import type { Money } from "../../contract/money.ts";
import type { CouponRefusal } from "../contract/coupons.ts";
import type { Coupon } from "../domain/coupon.ts";
import { discountOf, isUsedUp, refusalOf } from "../domain/coupon.ts";
import type { PricedLine, Totals } from "../domain/pricing.ts";
import { priceLines, subtotalOf } from "../domain/pricing.ts";
import type { OrdersDependencies } from "../orders.dependencies.ts";

/** What someone buys, or thinks of buying. */
export interface Purchase {
  readonly lines: readonly PricedLine[];
  /** Where it goes (ISO 3166-1 alpha-2); null when that is not known yet. */
  readonly country: string | null;
  readonly couponCode: string | null;
  /** Null for a guest, who has used no coupon yet. */
  readonly customerId: string | null;
}

/** A purchase with its price at a moment. */
export interface PricedPurchase {
  readonly purchase: Purchase;
  readonly totals: Totals;
  /** What its coupon does for it; null without one. */
  readonly coupon: Outcome | null;
}

interface Outcome {
  readonly code: string;
  /** Undefined when there is no such coupon. */
  readonly coupon: Coupon | undefined;
  readonly refusal: CouponRefusal | null;
}

/** Prices a purchase as it would be ordered now. The quote and the order itself come from here, so they agree. */
export async function pricePurchase(
  purchase: Purchase,
  now: number,
  { coupons, redemptions, pricing }: OrdersDependencies,
): Promise<PricedPurchase> {
  const { lines, country, couponCode, customerId } = purchase;
  if (!couponCode) return { purchase, totals: priceLines(lines, pricing, { country, discount: 0 }), coupon: null };

  const subtotal = subtotalOf(lines);
  const coupon = await coupons.byCode(couponCode);
  const usesOfCustomer = coupon && customerId !== null ? await redemptions.usesOf(coupon.id, customerId) : 0;
  const refusal = refusalOf(coupon, { subtotal, usesOfCustomer, now });
  const discount = coupon && refusal === null ? discountOf(coupon.discount, subtotal) : 0;
  return { purchase, totals: priceLines(lines, pricing, { country, discount }), coupon: { code: couponCode, coupon, refusal } };
}

/** The coupon to which a purchase owes its discount; one that takes nothing off is not used. */
export function couponInUse({ totals, coupon }: PricedPurchase): Coupon | undefined {
  return totals.discount > 0 ? coupon?.coupon : undefined;
}

/**
 * Makes sure that the customer agreed to what they are charged.
 *
 * @throws ShopError `coupon-exhausted` when it would be right but for those who used the coupon up meanwhile, else
 * `price-changed` with the total that is right now
 */
export function demandAgreement(
  { purchase, totals, coupon: outcome }: PricedPurchase,
  agreed: Money,
  { pricing }: Pick<OrdersDependencies, "pricing">,
): void {
  const { total, currency } = totals;
  if (agreed.amount === total && agreed.currency === currency) return;
  if (outcome?.coupon && isUsedUp(outcome.refusal)) {
    const discount = discountOf(outcome.coupon.discount, totals.subtotal);
    const hoped = priceLines(purchase.lines, pricing, { country: purchase.country, discount });
    if (hoped.total === agreed.amount && currency === agreed.currency) throw couponExhausted(outcome.code, outcome.refusal);
  }
  const reason = outcome?.refusal ? { coupon: outcome.code, reason: outcome.refusal } : {};
  throw new ShopError("price-changed", undefined, { total: { amount: total, currency }, ...reason });
}

/** @param reason `exhausted` or `customer-limit-reached` */
export function couponExhausted(code: string, reason: CouponRefusal): ShopError<"coupon-exhausted"> {
  return new ShopError("coupon-exhausted", undefined, { coupon: code, reason });
}
