import type { EventPayload, Result } from "../../mixins/contract/calls.ts";
import { toTimestamp } from "../../mixins/contract/fields.ts";
import type { PricedPurchase } from "./checkout/price-purchase.ts";
import type { ClaimedCoupon } from "./data/claim-repository.ts";
import type { Coupon } from "./domain/coupon.ts";
import type { CouponScope } from "./domain/coupon-scope.ts";
import { walletStateOf } from "./domain/wallet.ts";

type CouponView = Result<"orders.coupons.get">;
type Snapshot = NonNullable<EventPayload<"orders.coupon-changed">["after"]>;

export function presentCoupon(coupon: Coupon, currency: string): CouponView {
  const { discount } = coupon;
  return {
    id: coupon.id,
    merchantId: coupon.merchantId,
    code: coupon.code,
    description: coupon.description,
    discount:
      discount.kind === "percent"
        ? discount
        : { kind: "fixed", amount: { amount: discount.amountMinor, currency } },
    scope: presentScope(coupon.scope),
    minimumSubtotal: { amount: coupon.minimumSubtotal, currency },
    validFrom: orNull(coupon.validFrom),
    validUntil: orNull(coupon.validUntil),
    totalLimit: coupon.totalLimit,
    perCustomerLimit: coupon.perCustomerLimit,
    claimable: coupon.claimable,
    claimLimit: coupon.claimLimit,
    claims: coupon.claims,
    active: coupon.active,
    uses: coupon.uses,
    version: coupon.version,
    createdAt: toTimestamp(coupon.createdAt),
    updatedAt: toTimestamp(coupon.updatedAt),
  };
}

/** Terms of a coupon, for change events. */
export function couponSnapshot(coupon: Coupon, currency: string): Snapshot {
  const {
    id: _id,
    uses: _uses,
    claims: _claims,
    version: _version,
    createdAt: _createdAt,
    updatedAt: _updatedAt,
    ...terms
  } = presentCoupon(coupon, currency);
  return terms;
}

/** Terms that customers see. */
function presentTerms(coupon: Coupon, currency: string) {
  const { id, merchantId, discount, scope, minimumSubtotal, validFrom, validUntil, perCustomerLimit } =
    presentCoupon(coupon, currency);
  return { id, merchantId, discount, scope, minimumSubtotal, validFrom, validUntil, perCustomerLimit };
}

export function presentOffer(
  coupon: Coupon,
  currency: string,
): Result<"orders.coupon-offers.list">["items"][number] {
  const { claimLimit, claims } = coupon;
  const left = claimLimit === null ? null : Math.max(0, claimLimit - claims);
  return { ...presentTerms(coupon, currency), left };
}

export function presentClaimed(
  { coupon, usesOfCustomer, claimedAt }: ClaimedCoupon,
  now: number,
  currency: string,
): Result<"orders.coupon-offers.claim"> {
  return {
    ...presentTerms(coupon, currency),
    code: coupon.code,
    state: walletStateOf(coupon, usesOfCustomer, now),
    uses: usesOfCustomer,
    claimedAt: toTimestamp(claimedAt),
  };
}

/** A coupon's outcome for a purchase, for customers. */
export function presentOutcome(
  { code, coupon, refusal }: NonNullable<PricedPurchase["coupon"]>,
  currency: string,
): NonNullable<Result<"orders.price">["coupon"]> {
  const minimum = refusal === "minimum-not-reached" ? coupon?.minimumSubtotal : undefined;
  return {
    code,
    reason: refusal,
    minimumSubtotal: minimum === undefined ? null : { amount: minimum, currency },
  };
}

function presentScope(scope: CouponScope): CouponView["scope"] {
  return scope.kind === "all" ? scope : { kind: scope.kind, ids: [...scope.ids] };
}

function orNull(milliseconds: number | null): string | null {
  return milliseconds === null ? null : toTimestamp(milliseconds);
}
