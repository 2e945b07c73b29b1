import { accessOf } from "../cart-access.ts";
import { action } from "../cart.dependencies.ts";

export const removeCart = action(
  "cart.remove",
  async ({ params, caller, now, transaction, fail }, { carts }) => {
    await transaction(async (tx) => {
      const cart = await carts.lock(params.id, accessOf(caller, params.cartToken), now, tx);
      if (!cart) throw fail("not-found");
      await carts.remove(cart, tx);
    });
    return null;
  },
);
