import { merchantFilter } from "../../../mixins/contract/caller.ts";
import { action } from "../orders.dependencies.ts";
import { presentCoupon } from "../present-coupon.ts";

export const listCoupons = action("orders.coupons.list", async ({ params, caller }, { coupons, pricing }) => {
  const { active, merchantId, ...request } = params;
  const among = merchantFilter(caller, "orders:read", merchantId);
  const page = await coupons.list({ active, among }, request);
  return { ...page, items: page.items.map((coupon) => presentCoupon(coupon, pricing.currency)) };
});
