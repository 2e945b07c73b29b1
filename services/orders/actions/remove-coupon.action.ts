import { action } from "../orders.dependencies.ts";
import { couponSnapshot } from "../present-coupon.ts";

export const removeCoupon = action("orders.coupons.remove", async (context, { coupons, pricing }) => {
  const { params, transaction, fail } = context;
  await transaction(async (tx) => {
    const coupon = await coupons.lock(params.code, tx);
    if (!coupon) throw fail("not-found");
    if (params.expectedVersion !== undefined && coupon.version !== params.expectedVersion) throw fail("precondition-failed");
    if (coupon.uses > 0) throw fail("in-use", "Orders use it; switch it off instead");
    await coupons.remove(coupon.id, tx);
    const { id: couponId, code } = coupon;
    const before = couponSnapshot(coupon, pricing.currency);
    tx.publish("orders.coupon-changed", { couponId, code, change: "removed", before, after: null });
  });
  return null;
});
