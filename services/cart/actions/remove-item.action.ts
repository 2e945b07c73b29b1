import { action } from "../cart.dependencies.ts";
import { takeOut } from "../domain/cart.ts";
import { presentCart } from "../present.ts";
import { changeCart } from "../use-cart.ts";

export const removeItem = action("cart.items.remove", async (context, dependencies) => {
  const { itemId } = context.params;
  const cart = await changeCart(context, dependencies, (before, clock) => takeOut(before, itemId, clock));
  return presentCart(cart, dependencies.currency, context.call);
});
