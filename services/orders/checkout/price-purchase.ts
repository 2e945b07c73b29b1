import { ShopError } from "../../../mixins/contract/errors.ts";
import type { Money } from "../../../mixins/contract/money.ts";
import type { CouponRefusal } from "../contract/coupons.ts";
import type { Coupon } from "../domain/coupon.ts";
import { isUsedUp, refusalOf } from "../domain/coupon.ts";
import type { ScopedLine } from "../domain/coupon-scope.ts";
import { discountLines, eligibleSubtotal } from "../domain/discount-lines.ts";
import type { Totals } from "../domain/pricing.ts";
import { priceLines } from "../domain/pricing.ts";
import type { OrdersDependencies } from "../orders.dependencies.ts";

/** Lines, destination and customer to price. */
export interface Purchase {
  readonly lines: readonly ScopedLine[];
  /** Destination country (ISO 3166-1 alpha-2); null when unknown. */
  readonly country: string | null;
  readonly couponCode: string | null;
  /** Null for a guest, who has neither used nor claimed any coupon. */
  readonly customerId: string | null;
}

/** A purchase and its price at a point in time. */
export interface PricedPurchase {
  readonly purchase: Purchase;
  readonly totals: Totals;
  /** Discount of each line; they add up to the total's. */
  readonly discounts: readonly number[];
  /** Outcome of its coupon; null without one. */
  readonly coupon: CouponOutcome | null;
}

interface CouponOutcome {
  readonly code: string;
  /** Undefined for an unknown code. */
  readonly coupon: Coupon | undefined;
  readonly refusal: CouponRefusal | null;
}

const unknownCustomer = { usesOfCustomer: 0, isClaimed: false };

/** Prices a purchase now. Quotes and orders share it, so they agree. */
export async function pricePurchase(
  purchase: Purchase,
  now: number,
  { coupons, redemptions, pricing }: OrdersDependencies,
): Promise<PricedPurchase> {
  const { lines, couponCode, customerId } = purchase;
  if (!couponCode) return { purchase, ...priceWith(undefined, purchase, pricing), coupon: null };

  const coupon = await coupons.byCode(couponCode);
  // Also counted for an unknown code, so that response times reveal nothing.
  const standing =
    customerId === null ? unknownCustomer : await redemptions.standingOf(coupon?.id ?? "-", customerId);
  const subtotal = coupon ? eligibleSubtotal(coupon, lines) : null;
  const refusal = refusalOf(coupon, { subtotal, ...standing, now });
  return {
    purchase,
    ...priceWith(refusal === null ? coupon : undefined, purchase, pricing),
    coupon: { code: couponCode, coupon, refusal },
  };
}

function priceWith(
  coupon: Coupon | undefined,
  { lines, country }: Purchase,
  pricing: OrdersDependencies["pricing"],
): Pick<PricedPurchase, "totals" | "discounts"> {
  const discounts = coupon ? discountLines(coupon, lines) : lines.map(() => 0);
  const discount = discounts.reduce((sum, ofLine) => sum + ofLine, 0);
  return { totals: priceLines(lines, pricing, { country, discount }), discounts };
}

/** The coupon that yields the discount; one without effect is not used. */
export function appliedCoupon({ totals, coupon }: PricedPurchase): Coupon | undefined {
  return totals.discount > 0 ? coupon?.coupon : undefined;
}

/**
 * Checks that the customer agreed to the charge.
 *
 * @throws ShopError `coupon-exhausted` when only the coupon's exhaustion made a difference, otherwise
 *   `price-changed` with the current total
 */
export function assertAgreedTotal(
  { purchase, totals, coupon: outcome }: PricedPurchase,
  agreed: Money,
  { pricing }: Pick<OrdersDependencies, "pricing">,
): void {
  const { total, currency } = totals;
  if (agreed.amount === total && agreed.currency === currency) return;
  if (outcome?.coupon && isUsedUp(outcome.refusal)) {
    const { totals: withCoupon } = priceWith(outcome.coupon, purchase, pricing);
    if (withCoupon.total === agreed.amount && currency === agreed.currency)
      throw couponExhausted(outcome.code, outcome.refusal);
  }
  const reason = outcome?.refusal ? { coupon: outcome.code, reason: outcome.refusal } : {};
  throw new ShopError("price-changed", undefined, { total: { amount: total, currency }, ...reason });
}

/** @param reason `exhausted` or `customer-limit-reached` */
export function couponExhausted(code: string, reason: CouponRefusal): ShopError<"coupon-exhausted"> {
  return new ShopError("coupon-exhausted", undefined, { coupon: code, reason });
}
