import { action } from "../cart.dependencies.ts";
import { withoutItem } from "../domain/cart.ts";
import { presentCart } from "../present.ts";
import { changeCart } from "../read-or-change-cart.ts";

export const removeItem = action("cart.items.remove", async (context, dependencies) => {
  const { params, call } = context;
  const { itemId } = params;
  const cart = await changeCart(context, dependencies, (before, clock) => withoutItem(before, itemId, clock));
  return presentCart(cart, dependencies.currency, { call, locale: params.locale });
});
