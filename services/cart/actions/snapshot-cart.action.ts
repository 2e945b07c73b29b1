import { action } from "../cart.dependencies.ts";
import { readCart } from "../use-cart.ts";

export const snapshotCart = action("cart.snapshot", async (context, dependencies) => {
  const { id, version, items, couponCode } = await readCart(context, dependencies);
  return { id, version, lines: items.map(({ variantId, quantity }) => ({ variantId, quantity })), couponCode };
});
