import { action } from "../cart.dependencies.ts";
import { withCoupon } from "../domain/cart.ts";
import { presentCart } from "../present.ts";
import { changeCart } from "../use-cart.ts";

/** Taking off what is not there changes nothing. */
export const removeCoupon = action("cart.coupon.remove", async (context, dependencies) => {
  const cart = await changeCart(context, dependencies, (before, clock) => withCoupon(before, null, clock));
  return presentCart(cart, dependencies.currency, context.call);
});
