import { action } from "../cart.dependencies.ts";
import { mergeGuestCart } from "../merge-guest-cart.ts";

/** Merges a guest cart at login, when the customer is known but is not the caller yet. */
export const adoptCart = action("cart.adopt", async ({ params, now, transaction, fail }, dependencies) => {
  const request = { id: params.id, cartToken: params.cartToken, customerId: params.userId, now };
  const cart = await transaction((tx) => mergeGuestCart(request, dependencies, tx));
  if (!cart) throw fail("not-found");
  return { cartId: cart.id };
});
