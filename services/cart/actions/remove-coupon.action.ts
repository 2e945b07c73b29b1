import { action } from "../cart.dependencies.ts";
import { withCoupon } from "../domain/cart.ts";
import { presentCart } from "../present.ts";
import { changeCart } from "../read-or-change-cart.ts";

/** Removing an absent coupon is a no-op. */
export const removeCoupon = action("cart.coupon.remove", async (context, dependencies) => {
  const { params, call } = context;
  const cart = await changeCart(context, dependencies, (before, clock) => withCoupon(before, null, clock));
  return presentCart(cart, dependencies.currency, { call, locale: params.locale });
});
