import { on } from "../cart.dependencies.ts";
import { takeOutOrdered, withCoupon } from "../domain/cart.ts";

/** Empties the cart of what was ordered from it, the coupon included that was used for it. A cart that was removed meanwhile needs no emptying. */
export const takeOutWhatWasOrdered = on("orders.placed", async ({ payload }, tx, { carts, lifetimeMs }) => {
  const now = Date.now();
  const cart = await carts.lock(payload.cartId, "anyone's", now, tx);
  if (!cart) return;
  const clock = { now, lifetimeMs };
  const emptied = takeOutOrdered(cart, payload.lines, clock);
  const isUsed = payload.coupon !== undefined && payload.coupon === cart.couponCode;
  await carts.save(cart, isUsed ? withCoupon(emptied, null, clock) : emptied, tx);
});
