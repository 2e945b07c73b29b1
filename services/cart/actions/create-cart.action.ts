import { newId } from "../../contract/ids.ts";
import { newCartToken } from "../cart-access.ts";
import { action } from "../cart.dependencies.ts";
import { emptyCart } from "../domain/cart.ts";
import { presentCart } from "../present.ts";
import { keepAlive } from "../use-cart.ts";

/** Whoever is not signed in gets a new guest cart; a customer the one they have, or their first. */
export const createCart = action("cart.create", async (context, dependencies) => {
  const { caller, now, transaction, call } = context;
  const { carts, currency, lifetimeMs } = dependencies;
  if (caller.kind !== "user") {
    const { token, hash } = newCartToken();
    const cart = emptyCart(newId(), null, { now, lifetimeMs });
    await transaction((tx) => carts.insertForGuest(cart, hash, tx));
    return { ...(await presentCart(cart, currency, call)), token };
  }

  const fresh = emptyCart(newId(), caller.userId, { now, lifetimeMs });
  const cart =
    (await carts.ofCustomer(caller.userId, now)) ??
    (await transaction((tx) => carts.lockOrInsertForCustomer(caller.userId, fresh, now, tx)));
  return { ...(await presentCart(await keepAlive(cart, context, dependencies), currency, call)), token: null };
});
