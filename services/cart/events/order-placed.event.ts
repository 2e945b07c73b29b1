import { on } from "../cart.dependencies.ts";
import { takeOutOrdered } from "../domain/cart.ts";

/** Empties the cart of what was ordered from it. A cart that was removed meanwhile needs no emptying. */
export const takeOutWhatWasOrdered = on("orders.placed", async ({ payload }, tx, { carts, lifetimeMs }) => {
  const now = Date.now();
  const cart = await carts.lock(payload.cartId, "anyone's", now, tx);
  if (cart) await carts.save(cart, takeOutOrdered(cart, payload.lines, { now, lifetimeMs }), tx);
});
