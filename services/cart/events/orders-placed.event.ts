import { onBatch } from "../cart.dependencies.ts";
import { withoutOrdered, withCoupon } from "../domain/cart.ts";

/** Removes ordered items and the used coupon from carts. Carts removed meanwhile are skipped. */
export const removeOrderedItems = onBatch(["orders.placed"], async (events, tx, { carts, lifetimeMs }) => {
  const clock = { now: Date.now(), lifetimeMs };
  const locked = await carts.lockMany(
    events.map(({ payload }) => payload.cartId),
    clock.now,
    tx,
  );
  const emptied = new Map(locked.map((cart) => [cart.id, cart]));
  for (const { payload } of events) {
    const cart = emptied.get(payload.cartId);
    if (!cart) continue;
    const isUsed = payload.coupon !== undefined && payload.coupon === cart.couponCode;
    const remaining = withoutOrdered(cart, payload.lines, clock);
    emptied.set(cart.id, isUsed ? withCoupon(remaining, null, clock) : remaining);
  }
  for (const cart of locked) await carts.save(cart, emptied.get(cart.id) ?? cart, tx);
});
