import { ShopError } from "../../contract/errors.ts";
import type { CouponRefusal } from "../contract/coupons.ts";
import { proportionOf } from "./rounding.ts";

/** A share of the goods in hundredths of a percent, or an amount in minor units of the shop's currency. */
export type CouponDiscount =
  | { readonly kind: "percent"; readonly basisPoints: number }
  | { readonly kind: "fixed"; readonly amountMinor: number };

/** Amounts are minor units of the shop's currency, times milliseconds since 1970, UTC. */
export interface Coupon {
  readonly id: string;
  /** In capitals. */
  readonly code: string;
  readonly description: string | null;
  readonly discount: CouponDiscount;
  /** Of the goods, before discount. */
  readonly minimumSubtotal: number;
  /** From then on; null: it always was. */
  readonly validFrom: number | null;
  /** Until just before then; null: for good. */
  readonly validUntil: number | null;
  /** How many orders can use it; null: any number. */
  readonly totalLimit: number | null;
  /** How many orders of one customer can use it; null: any number. */
  readonly perCustomerLimit: number | null;
  /** Whether staff let it be used. */
  readonly active: boolean;
  /** How many orders use it: those that were placed with it, without the cancelled and expired ones. */
  readonly uses: number;
  /** Grows with each change by staff, not with its use. */
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** For what a coupon is to be used, and when. */
export interface CouponUse {
  /** Of the goods, in minor units. */
  readonly subtotal: number;
  /** How many orders of the customer use it already. */
  readonly usesOfCustomer: number;
  readonly now: number;
}

/**
 * Why a coupon cannot be used; null when it can. That it is used up comes last: a coupon that is refused for this
 * would serve but for those who came before.
 */
export function refusalOf(coupon: Coupon | undefined, { subtotal, usesOfCustomer, now }: CouponUse): CouponRefusal | null {
  if (!coupon) return "unknown";
  const { validFrom, validUntil, totalLimit, perCustomerLimit } = coupon;
  if (!coupon.active) return "inactive";
  if (validFrom !== null && now < validFrom) return "not-yet-valid";
  if (validUntil !== null && now >= validUntil) return "expired";
  if (subtotal < coupon.minimumSubtotal) return "minimum-not-reached";
  if (totalLimit !== null && coupon.uses >= totalLimit) return "exhausted";
  if (perCustomerLimit !== null && usesOfCustomer >= perCustomerLimit) return "customer-limit-reached";
  return null;
}

/**
 * What a coupon takes off goods of this worth, in minor units: a percentage rounded half up, once for the whole order;
 * never more than the goods are worth. Shipping is not discounted.
 */
export function discountOf(discount: CouponDiscount, subtotal: number): number {
  switch (discount.kind) {
    case "percent":
      return proportionOf(subtotal, discount.basisPoints, 10_000);
    case "fixed":
      return Math.min(discount.amountMinor, subtotal);
  }
}

/** Whether the coupon would serve, had others not used it up. */
export function isUsedUp(refusal: CouponRefusal | null): refusal is "exhausted" | "customer-limit-reached" {
  return refusal === "exhausted" || refusal === "customer-limit-reached";
}

/**
 * A coupon can be valid for a while, not for none.
 *
 * @throws ShopError `validation-failed` when it ends before it begins
 */
export function checkWindow({ validFrom, validUntil }: Pick<Coupon, "validFrom" | "validUntil">): void {
  if (validFrom === null || validUntil === null || validFrom < validUntil) return;
  const message = "must be after validFrom";
  throw new ShopError("validation-failed", undefined, { errors: [{ path: "validUntil", code: "custom", message }] });
}
