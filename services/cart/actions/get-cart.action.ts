import { action } from "../cart.dependencies.ts";
import { presentCart } from "../present.ts";
import { readCart } from "../read-or-change-cart.ts";

export const getCart = action("cart.get", async (context, dependencies) => {
  const { params, call } = context;
  const cart = await readCart(context, dependencies);
  return presentCart(cart, dependencies.currency, { call, locale: params.locale });
});
