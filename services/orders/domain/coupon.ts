import { ShopError } from "../../../mixins/contract/errors.ts";
import type { CouponRefusal } from "../contract/coupons.ts";
import type { CouponScope } from "./coupon-scope.ts";
import { proportionOf } from "../../../mixins/support/rounding.ts";

/** A share of the goods in hundredths of a percent, or an amount in minor units of the shop's currency. */
export type CouponDiscount =
  | { readonly kind: "percent"; readonly basisPoints: number }
  | { readonly kind: "fixed"; readonly amountMinor: number };

/** Amounts are minor units of the shop's currency, times milliseconds since the Unix epoch. */
export interface Coupon {
  readonly id: string;
  /** Whose it is: it discounts that merchant's goods only. Null for the mall's. */
  readonly merchantId: string | null;
  /** In capitals. */
  readonly code: string;
  readonly description: string | null;
  readonly discount: CouponDiscount;
  readonly scope: CouponScope;
  /** Of the eligible goods, before discount. */
  readonly minimumSubtotal: number;
  /** Start, inclusive; null: no start. */
  readonly validFrom: number | null;
  /** End, exclusive; null: for good. */
  readonly validUntil: number | null;
  /** Maximum number of orders; null: any number. */
  readonly totalLimit: number | null;
  /** Maximum number of orders per customer; null: any number. */
  readonly perCustomerLimit: number | null;
  /** An offer: only customers who have claimed it can use it. Fixed when it is made. */
  readonly claimable: boolean;
  /** Maximum number of claims; null: any number. */
  readonly claimLimit: number | null;
  /** Number of claims. */
  readonly claims: number;
  /** False when it is disabled. */
  readonly active: boolean;
  /** Number of orders that use it, without cancelled and expired ones. */
  readonly uses: number;
  /** Incremented with each change of its terms, not with its use. */
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** Intended use of a coupon. */
export interface CouponUse {
  /** Of the eligible goods, in minor units; null when there are none. */
  readonly subtotal: number | null;
  /** Number of the customer's orders that use it already. */
  readonly usesOfCustomer: number;
  readonly isClaimed: boolean;
  readonly now: number;
}

/**
 * Reason why a coupon cannot be used; null when it can. Exhaustion comes last: it means that the coupon is
 * otherwise valid.
 */
export function refusalOf(
  coupon: Coupon | undefined,
  { subtotal, usesOfCustomer, isClaimed, now }: CouponUse,
): CouponRefusal | null {
  if (!coupon) return "unknown";
  const { validFrom, validUntil, totalLimit, perCustomerLimit } = coupon;
  if (!coupon.active) return "inactive";
  if (validFrom !== null && now < validFrom) return "not-yet-valid";
  if (validUntil !== null && now >= validUntil) return "expired";
  if (coupon.claimable && !isClaimed) return "not-claimed";
  if (subtotal === null) return "nothing-eligible";
  if (subtotal < coupon.minimumSubtotal) return "minimum-not-reached";
  if (totalLimit !== null && coupon.uses >= totalLimit) return "exhausted";
  if (perCustomerLimit !== null && usesOfCustomer >= perCustomerLimit) return "customer-limit-reached";
  return null;
}

/**
 * Discount on eligible goods of this value, in minor units: a percentage is rounded half up, once per order;
 * at most the value of the goods. Shipping is not discounted.
 */
export function discountOf(discount: CouponDiscount, subtotal: number): number {
  switch (discount.kind) {
    case "percent":
      return proportionOf(subtotal, discount.basisPoints, 10_000);
    case "fixed":
      return Math.min(discount.amountMinor, subtotal);
  }
}

/** Maximum total discount of all orders, in minor units; null when unlimited. */
export function worthOf({ discount, totalLimit }: Pick<Coupon, "discount" | "totalLimit">): number | null {
  return discount.kind === "fixed" && totalLimit !== null ? discount.amountMinor * totalLimit : null;
}

/** True when only other customers' uses prevent the coupon's. */
export function isUsedUp(refusal: CouponRefusal | null): refusal is "exhausted" | "customer-limit-reached" {
  return refusal === "exhausted" || refusal === "customer-limit-reached";
}

/**
 * Checks that the period of validity is not empty, and that only claims are limited.
 *
 * @throws ShopError `validation-failed`
 */
export function checkTerms(
  terms: Pick<Coupon, "validFrom" | "validUntil" | "claimable" | "claimLimit">,
): void {
  const { validFrom, validUntil, claimable, claimLimit } = terms;
  if (validFrom !== null && validUntil !== null && validFrom >= validUntil)
    throw invalid("validUntil", "must be after validFrom");
  if (claimLimit !== null && !claimable) throw invalid("claimLimit", "is for coupons that are claimable");
}

function invalid(path: string, message: string): ShopError {
  return new ShopError("validation-failed", undefined, { errors: [{ path, code: "custom", message }] });
}
