import { merchantFilter } from "../../../mixins/contract/caller.ts";
import { action } from "../orders.dependencies.ts";
import { presentCoupon } from "../present-coupon.ts";

export const getCoupon = action(
  "orders.coupons.get",
  async ({ params, caller, fail }, { coupons, pricing }) => {
    const coupon = await coupons.byCode(params.code, merchantFilter(caller, "orders:read"));
    if (!coupon) throw fail("not-found");
    return presentCoupon(coupon, pricing.currency);
  },
);
