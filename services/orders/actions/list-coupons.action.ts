import { action } from "../orders.dependencies.ts";
import { presentCoupon } from "../present-coupon.ts";

export const listCoupons = action("orders.coupons.list", async ({ params }, { coupons, pricing }) => {
  const { active, ...request } = params;
  const page = await coupons.list({ active }, request);
  return { ...page, items: page.items.map((coupon) => presentCoupon(coupon, pricing.currency)) };
});
