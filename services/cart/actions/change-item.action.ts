import { action } from "../cart.dependencies.ts";
import { withQuantity } from "../domain/cart.ts";
import { presentCart } from "../present.ts";
import { changeCart } from "../read-or-change-cart.ts";

export const changeItem = action("cart.items.change", async (context, dependencies) => {
  const { params, call } = context;
  const { itemId, quantity } = params;
  const cart = await changeCart(context, dependencies, (before, clock) =>
    withQuantity(before, itemId, quantity, clock),
  );
  return presentCart(cart, dependencies.currency, { call, locale: params.locale });
});
