import { action } from "../cart.dependencies.ts";
import { mergeGuestCart } from "../merge-guest-cart.ts";
import { presentCart } from "../present.ts";

export const claimCart = action("cart.claim", async (context, dependencies) => {
  const { params, caller, now, transaction, call, fail } = context;
  const { id, cartToken, locale } = params;
  const request = { id, cartToken, customerId: caller.userId, now };
  const cart = await transaction((tx) => mergeGuestCart(request, dependencies, tx));
  if (!cart) throw fail("not-found");
  return presentCart(cart, dependencies.currency, { call, locale });
});
