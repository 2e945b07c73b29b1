import type { Coupon } from "./coupon.ts";

/** What a claimed coupon is to its customer. */
export type WalletState = "usable" | "used" | "expired";

/**
 * `used` when no more orders of the customer can use it, and some do; `expired` when it ended, was disabled or used up
 * by others before. `walletStateSql` is the same for the database.
 */
export function walletStateOf(coupon: Coupon, usesOfCustomer: number, now: number): WalletState {
  const { active, validUntil, totalLimit, perCustomerLimit, uses } = coupon;
  if (perCustomerLimit !== null && usesOfCustomer >= perCustomerLimit) return "used";
  const isOver =
    !active || (validUntil !== null && validUntil <= now) || (totalLimit !== null && uses >= totalLimit);
  if (!isOver) return "usable";
  return usesOfCustomer > 0 ? "used" : "expired";
}

/** Whether an offer can be claimed at `now`, apart from its limit. */
export function canBeClaimed({ active, validFrom, validUntil }: Coupon, now: number): boolean {
  return active && (validFrom === null || validFrom <= now) && (validUntil === null || validUntil > now);
}
