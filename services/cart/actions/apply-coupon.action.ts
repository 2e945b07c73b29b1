import type { CouponRefusal } from "../../orders/orders.contract.ts";
import { may } from "../../../mixins/contract/caller.ts";
import { accessOf } from "../cart-access.ts";
import { action } from "../cart.dependencies.ts";
import { withCoupon } from "../domain/cart.ts";
import { presentCart } from "../present.ts";
import { priceCart } from "../price-cart.ts";
import { changeCart } from "../read-or-change-cart.ts";

/**
 * Refusals that reveal a code's existence to guessers. Used-up and minimum-value refusals reveal only what
 * using the coupon would.
 */
const revealsCoupon: ReadonlySet<CouponRefusal> = new Set([
  "inactive",
  "not-yet-valid",
  "expired",
  "exhausted",
]);

/** Values the coupon on the cart before any change, so the customer gets the reason of a refusal at once. */
export const applyCoupon = action("cart.coupon.apply", async (context, dependencies) => {
  const { params, caller, now, call, fail } = context;
  const asker = { call, caller, locale: params.locale };
  const seen = await dependencies.carts.find(params.id, accessOf(caller, params.cartToken), now);
  if (!seen) throw fail("not-found");
  const { price, variants } = await priceCart({ ...seen, couponCode: params.code }, null, asker);
  const { reason: why, minimumSubtotal } = price.coupon ?? {};
  const reason = why && !may(caller, "orders:read") && revealsCoupon.has(why) ? "unknown" : why;
  const data = { coupon: params.code, reason, ...(minimumSubtotal ? { minimumSubtotal } : {}) };
  if (reason === "exhausted" || reason === "customer-limit-reached")
    throw fail("coupon-exhausted", undefined, data);
  if (reason) throw fail("coupon-not-applicable", undefined, data);

  const cart = await changeCart(context, dependencies, (before, clock) =>
    withCoupon(before, params.code, clock),
  );
  return presentCart(cart, dependencies.currency, asker, variants);
});
