import { newId } from "../../contract/ids.ts";
import type { Coupon } from "../domain/coupon.ts";
import { checkWindow } from "../domain/coupon.ts";
import { action } from "../orders.dependencies.ts";
import { couponSnapshot, presentCoupon } from "../present-coupon.ts";

export const createCoupon = action("orders.coupons.create", async (context, { coupons, pricing }) => {
  const { params, now, transaction, fail } = context;
  const { minimumSubtotalMinor, validFrom, validUntil, ...terms } = params;
  const coupon: Coupon = {
    ...terms,
    id: newId(),
    minimumSubtotal: minimumSubtotalMinor,
    validFrom: validFrom === null ? null : Date.parse(validFrom),
    validUntil: validUntil === null ? null : Date.parse(validUntil),
    uses: 0,
    version: 1,
    createdAt: now,
    updatedAt: now,
  };
  checkWindow(coupon);
  await transaction(async (tx) => {
    if (!(await coupons.insert(coupon, tx)))
      throw fail("already-exists", undefined, { errors: [{ path: "code", code: "taken", message: "is taken" }] });
    const { id: couponId, code } = coupon;
    const after = couponSnapshot(coupon, pricing.currency);
    tx.publish("orders.coupon-changed", { couponId, code, change: "created", before: null, after });
  });
  return presentCoupon(coupon, pricing.currency);
});
