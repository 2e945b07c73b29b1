import { action } from "../orders.dependencies.ts";
import { presentCoupon } from "../present-coupon.ts";

export const getCoupon = action("orders.coupons.get", async ({ params, fail }, { coupons, pricing }) => {
  const coupon = await coupons.byCode(params.code);
  if (!coupon) throw fail("not-found");
  return presentCoupon(coupon, pricing.currency);
});
