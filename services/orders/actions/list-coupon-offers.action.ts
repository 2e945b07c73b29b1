import { action } from "../orders.dependencies.ts";
import { presentOffer } from "../present-coupon.ts";

export const listCouponOffers = action(
  "orders.coupon-offers.list",
  async ({ params, now }, { claims, pricing }) => {
    const { merchantId, ...request } = params;
    const page = await claims.offers({ merchantId, now }, request);
    return { ...page, items: page.items.map((coupon) => presentOffer(coupon, pricing.currency)) };
  },
);
