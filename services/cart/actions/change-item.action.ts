import { action } from "../cart.dependencies.ts";
import { setQuantity } from "../domain/cart.ts";
import { presentCart } from "../present.ts";
import { changeCart } from "../use-cart.ts";

export const changeItem = action("cart.items.change", async (context, dependencies) => {
  const { itemId, quantity } = context.params;
  const cart = await changeCart(context, dependencies, (before, clock) => setQuantity(before, itemId, quantity, clock));
  return presentCart(cart, dependencies.currency, context.call);
});
