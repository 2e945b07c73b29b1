import { newId } from "../../../mixins/contract/ids.ts";
import { newCartToken } from "../cart-access.ts";
import { action } from "../cart.dependencies.ts";
import { emptyCart } from "../domain/cart.ts";
import { presentCart } from "../present.ts";
import { renewIfDue } from "../read-or-change-cart.ts";

/** Guests get a new cart; customers get their existing one, or their first. */
export const createCart = action("cart.create", async (context, dependencies) => {
  const { params, caller, now, transaction, call } = context;
  const asker = { call, locale: params.locale };
  const { carts, currency, lifetimeMs } = dependencies;
  if (caller.kind !== "user") {
    const { token, hash } = newCartToken();
    const cart = emptyCart(newId(), null, { now, lifetimeMs });
    await transaction((tx) => carts.insertForGuest(cart, hash, tx));
    return { ...(await presentCart(cart, currency, asker)), token };
  }

  const fresh = emptyCart(newId(), caller.userId, { now, lifetimeMs });
  const cart =
    (await carts.ofCustomer(caller.userId, now)) ??
    (await transaction((tx) => carts.lockOrInsertForCustomer(caller.userId, fresh, now, tx)));
  return {
    ...(await presentCart(await renewIfDue(cart, context, dependencies), currency, asker)),
    token: null,
  };
});
