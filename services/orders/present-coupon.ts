import type { EventPayload, Result } from "../contract/calls.ts";
import { toTimestamp } from "../contract/fields.ts";
import type { PricedPurchase } from "./checkout/price-purchase.ts";
import type { Coupon } from "./domain/coupon.ts";

type CouponView = Result<"orders.coupons.get">;
type Snapshot = NonNullable<EventPayload<"orders.coupon-changed">["after"]>;

export function presentCoupon(coupon: Coupon, currency: string): CouponView {
  const { discount } = coupon;
  return {
    id: coupon.id,
    code: coupon.code,
    description: coupon.description,
    discount:
      discount.kind === "percent" ? discount : { kind: "fixed", amount: { amount: discount.amountMinor, currency } },
    minimumSubtotal: { amount: coupon.minimumSubtotal, currency },
    validFrom: orNull(coupon.validFrom),
    validUntil: orNull(coupon.validUntil),
    totalLimit: coupon.totalLimit,
    perCustomerLimit: coupon.perCustomerLimit,
    active: coupon.active,
    uses: coupon.uses,
    version: coupon.version,
    createdAt: toTimestamp(coupon.createdAt),
    updatedAt: toTimestamp(coupon.updatedAt),
  };
}

/** What staff decide of a coupon, as it goes into the record. */
export function couponSnapshot(coupon: Coupon, currency: string): Snapshot {
  const { id: _id, uses: _uses, version: _version, createdAt: _createdAt, updatedAt: _updatedAt, ...terms } = presentCoupon(
    coupon,
    currency,
  );
  return terms;
}

/** What a coupon does for a purchase, as the customer is told it. */
export function presentOutcome(
  { code, coupon, refusal }: NonNullable<PricedPurchase["coupon"]>,
  currency: string,
): NonNullable<Result<"orders.price">["coupon"]> {
  const minimum = refusal === "minimum-not-reached" ? coupon?.minimumSubtotal : undefined;
  return { code, reason: refusal, minimumSubtotal: minimum === undefined ? null : { amount: minimum, currency } };
}

function orNull(milliseconds: number | null): string | null {
  return milliseconds === null ? null : toTimestamp(milliseconds);
}
