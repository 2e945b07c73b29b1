import { withOnly } from "../domain/cart.ts";
import { action } from "../cart.dependencies.ts";
import { readCart } from "../read-or-change-cart.ts";

export const snapshotCart = action("cart.snapshot", async (context, dependencies) => {
  const cart = await readCart(context, dependencies);
  const { id, version, items, couponCode } = withOnly(cart, context.params.items);
  return {
    id,
    version,
    lines: items.map(({ variantId, quantity }) => ({ variantId, quantity })),
    couponCode,
  };
});
