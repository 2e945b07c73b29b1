import { merchantFilter } from "../../../mixins/contract/caller.ts";
import { action } from "../orders.dependencies.ts";
import { couponSnapshot } from "../present-coupon.ts";
import { assertVersion } from "../../../mixins/contract/if-match.ts";

export const removeCoupon = action("orders.coupons.remove", async (context, { coupons, pricing }) => {
  const { params, caller, transaction, fail } = context;
  await transaction(async (tx) => {
    const coupon = await coupons.lock(params.code, merchantFilter(caller, "orders:write"), tx);
    if (!coupon) throw fail("not-found");
    assertVersion(coupon, params);
    if (coupon.uses > 0) throw fail("in-use", "Orders use it; disable it instead");
    await coupons.remove(coupon.id, tx);
    const { id: couponId, code } = coupon;
    const before = couponSnapshot(coupon, pricing.currency);
    tx.publish("orders.coupon-changed", { couponId, code, change: "removed", before, after: null });
  });
  return null;
});
