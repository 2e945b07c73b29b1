import { action } from "../cart.dependencies.ts";
import { presentCart } from "../present.ts";
import { readCart } from "../use-cart.ts";

export const getCart = action("cart.get", async (context, dependencies) => {
  const cart = await readCart(context, dependencies);
  return presentCart(cart, dependencies.currency, context.call);
});
