import { action } from "../cart.dependencies.ts";
import { lookUpVariants } from "../catalog-variants.ts";
import { isOrderable, valueItems } from "../domain/valuation.ts";
import { readCart } from "../use-cart.ts";

/** The orders service prices it, by the same rule as at checkout. What is not on sale has no price and is left out. */
export const quoteCart = action("cart.quote", async (context, dependencies) => {
  const { call } = context;
  const cart = await readCart(context, dependencies);
  const variantIds = cart.items.map(({ variantId }) => variantId);
  const items = valueItems(cart, await lookUpVariants(call, variantIds));
  const lines = items.flatMap(({ item, unitPrice }) => (unitPrice ? [{ quantity: item.quantity, unitPrice }] : []));
  const totals = await call("orders.price", { lines });
  return { cartId: cart.id, version: cart.version, ...totals, orderable: isOrderable(items) };
});
