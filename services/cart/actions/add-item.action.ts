import { newId } from "../../contract/ids.ts";
import { accessOf } from "../cart-access.ts";
import { action } from "../cart.dependencies.ts";
import { lookUpVariants } from "../catalog-variants.ts";
import { putIn } from "../domain/cart.ts";
import { presentCart } from "../present.ts";
import { changeCart } from "../use-cart.ts";

/**
 * Puts a variant that is on sale into the cart. The catalogue is asked about everything in the cart before anything
 * is changed, so that when it is away nothing was added and the caller may try again.
 */
export const addItem = action("cart.items.add", async (context, dependencies) => {
  const { params, caller, now, call, fail } = context;
  const { variantId, quantity } = params;
  const seen = await dependencies.carts.find(params.id, accessOf(caller, params.cartToken), now);
  if (!seen) throw fail("not-found");
  const variants = await lookUpVariants(call, [variantId, ...seen.items.map((item) => item.variantId)]);
  const variant = variants.get(variantId);
  if (!variant?.onSale) throw fail("not-found", "This is not on sale", { variantId });

  const item = { id: newId(), variantId, quantity, priceWhenAdded: variant.price };
  const cart = await changeCart(context, dependencies, (before, clock) => putIn(before, item, clock));
  return presentCart(cart, dependencies.currency, call, variants);
});
