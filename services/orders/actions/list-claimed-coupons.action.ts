import { action } from "../orders.dependencies.ts";
import { presentClaimed } from "../present-coupon.ts";

export const listClaimedCoupons = action(
  "orders.claimed-coupons.list",
  async ({ params, caller, now }, { claims, pricing }) => {
    const { state, ...request } = params;
    const page = await claims.list(caller.userId, { state, now }, request);
    return { ...page, items: page.items.map((claimed) => presentClaimed(claimed, now, pricing.currency)) };
  },
);
