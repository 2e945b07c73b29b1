import { may } from "../../../mixins/contract/caller.ts";
import { merchantFor } from "../../../mixins/contract/merchant-for.ts";
import { newId } from "../../../mixins/contract/ids.ts";
import type { Coupon } from "../domain/coupon.ts";
import { checkTerms, worthOf } from "../domain/coupon.ts";
import { assertApproved, moneyAction } from "../money/limit-money.ts";
import { couponSnapshot, presentCoupon } from "../present-coupon.ts";

export const createCoupon = moneyAction("orders.coupons.create", async (context, dependencies) => {
  const { coupons, pricing } = dependencies;
  const { params, caller, now, transaction, fail } = context;
  const { minimumSubtotalMinor, validFrom, validUntil, ...terms } = params;
  const coupon: Coupon = {
    ...terms,
    id: newId(),
    merchantId: merchantFor(caller, "orders:write", params.merchantId),
    minimumSubtotal: minimumSubtotalMinor,
    validFrom: validFrom === null ? null : Date.parse(validFrom),
    validUntil: validUntil === null ? null : Date.parse(validUntil),
    claims: 0,
    uses: 0,
    version: 1,
    createdAt: now,
    updatedAt: now,
  };
  checkTerms(coupon);
  await transaction(async (tx) => {
    // A merchant pays for its own coupons.
    if (may(caller, "orders:write"))
      await assertApproved("orders.coupons.create", worthOf(coupon), context, tx, dependencies);
    if (!(await coupons.insert(coupon, tx)))
      throw fail("already-exists", undefined, {
        errors: [{ path: "code", code: "taken", message: "is taken" }],
      });
    const { id: couponId, code } = coupon;
    const after = couponSnapshot(coupon, pricing.currency);
    tx.publish("orders.coupon-changed", { couponId, code, change: "created", before: null, after });
  });
  return presentCoupon(coupon, pricing.currency);
});
