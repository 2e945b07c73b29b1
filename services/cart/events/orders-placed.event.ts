import { together } from "../cart.dependencies.ts";
import { takeOutOrdered, withCoupon } from "../domain/cart.ts";

/**
 * Empties carts of what was ordered from them, the coupon included that was used for it. A cart that was removed
 * meanwhile needs no emptying.
 */
export const takeOutWhatWasOrdered = together(["orders.placed"], async (events, tx, { carts, lifetimeMs }) => {
  const clock = { now: Date.now(), lifetimeMs };
  const locked = await carts.lockMany(events.map(({ payload }) => payload.cartId), clock.now, tx);
  const emptied = new Map(locked.map((cart) => [cart.id, cart]));
  for (const { payload } of events) {
    const cart = emptied.get(payload.cartId);
    if (!cart) continue;
    const isUsed = payload.coupon !== undefined && payload.coupon === cart.couponCode;
    const left = takeOutOrdered(cart, payload.lines, clock);
    emptied.set(cart.id, isUsed ? withCoupon(left, null, clock) : left);
  }
  for (const cart of locked) await carts.save(cart, emptied.get(cart.id) ?? cart, tx);
});
