import { difference } from "../../contract/changes.ts";
import type { Params } from "../../contract/calls.ts";
import type { Coupon } from "../domain/coupon.ts";
import { checkWindow } from "../domain/coupon.ts";
import { action } from "../orders.dependencies.ts";
import { couponSnapshot, presentCoupon } from "../present-coupon.ts";

/** The coupon is locked, so that no order uses it on terms that are being changed. */
export const updateCoupon = action("orders.coupons.update", async (context, { coupons, pricing }) => {
  const { params, now, transaction, fail } = context;
  const { currency } = pricing;
  return transaction(async (tx) => {
    const coupon = await coupons.lock(params.code, tx);
    if (!coupon) throw fail("not-found");
    if (coupon.version !== params.expectedVersion) throw fail("precondition-failed");

    const wanted = withTerms(coupon, params);
    const differing = difference(couponSnapshot(coupon, currency), couponSnapshot(wanted, currency));
    if (!differing) return presentCoupon(coupon, currency);
    checkWindow(wanted);
    if (wanted.totalLimit !== null && wanted.totalLimit < coupon.uses)
      throw fail("limit-reached", `It is used ${coupon.uses} times already`, { limit: coupon.uses });

    const changed = { ...wanted, version: coupon.version + 1, updatedAt: now };
    await coupons.update(changed, tx);
    tx.publish("orders.coupon-changed", { couponId: coupon.id, code: coupon.code, change: "updated", ...differing });
    return presentCoupon(changed, currency);
  });
});

function withTerms(coupon: Coupon, asked: Params<"orders.coupons.update">): Coupon {
  const { code: _code, expectedVersion: _version, minimumSubtotalMinor, validFrom, validUntil, ...terms } = asked;
  const given = Object.fromEntries(Object.entries(terms).filter(([, value]) => value !== undefined));
  return {
    ...coupon,
    ...given,
    minimumSubtotal: minimumSubtotalMinor ?? coupon.minimumSubtotal,
    validFrom: momentOf(validFrom, coupon.validFrom),
    validUntil: momentOf(validUntil, coupon.validUntil),
  };
}

function momentOf(asked: string | null | undefined, kept: number | null): number | null {
  if (asked === undefined) return kept;
  return asked === null ? null : Date.parse(asked);
}
