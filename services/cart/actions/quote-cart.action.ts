import { withOnly } from "../domain/cart.ts";
import { action } from "../cart.dependencies.ts";
import { isOrderable } from "../domain/valuation.ts";
import { priceCart } from "../price-cart.ts";
import { readCart } from "../read-or-change-cart.ts";

export const quoteCart = action("cart.quote", async (context, dependencies) => {
  const whole = await readCart(context, dependencies);
  const cart = withOnly(whole, context.params.items?.split(","));
  const { price, items } = await priceCart(cart, context.params.country ?? null, context);
  return { cartId: cart.id, version: cart.version, ...price, orderable: isOrderable(items) };
});
