import { accessOf } from "../cart-access.ts";
import { action } from "../cart.dependencies.ts";
import { withCoupon } from "../domain/cart.ts";
import { presentCart } from "../present.ts";
import { priceCart } from "../price-cart.ts";
import { changeCart } from "../use-cart.ts";

/** The coupon is tried on what is in the cart before anything is changed: the customer hears at once why it does not do. */
export const applyCoupon = action("cart.coupon.apply", async (context, dependencies) => {
  const { params, caller, now, call, fail } = context;
  const seen = await dependencies.carts.find(params.id, accessOf(caller, params.cartToken), now);
  if (!seen) throw fail("not-found");
  const { price, variants } = await priceCart({ ...seen, couponCode: params.code }, null, context);
  const { reason, minimumSubtotal } = price.coupon ?? {};
  const data = { coupon: params.code, reason, ...(minimumSubtotal ? { minimumSubtotal } : {}) };
  if (reason === "exhausted" || reason === "customer-limit-reached") throw fail("coupon-exhausted", undefined, data);
  if (reason) throw fail("coupon-not-applicable", undefined, data);

  const cart = await changeCart(context, dependencies, (before, clock) => withCoupon(before, params.code, clock));
  return presentCart(cart, dependencies.currency, call, variants);
});
