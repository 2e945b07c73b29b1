import type { ActionContext } from "../../mixins/shop-action.ts";
import type { Params } from "../contract/calls.ts";
import { ShopError } from "../contract/errors.ts";
import { accessOf, readAccessOf } from "./cart-access.ts";
import type { CartDependencies } from "./cart.dependencies.ts";
import type { Cart, Clock } from "./domain/cart.ts";
import { isDueForRenewal } from "./domain/cart.ts";

type Acting = Pick<ActionContext<"cart.get">, "caller" | "now" | "transaction">;

/**
 * The cart that an action reads. Reading keeps it alive.
 *
 * @throws ShopError `not-found` also for a cart that is not the caller's
 */
export async function readCart(
  context: Acting & { readonly params: Params<"cart.get"> },
  dependencies: CartDependencies,
): Promise<Cart> {
  const { params, caller, now } = context;
  const cart = await dependencies.carts.find(params.id, readAccessOf(caller, params.cartToken), now);
  if (!cart) throw new ShopError("not-found");
  return keepAlive(cart, context, dependencies);
}

/** Gives a cart that is being used its whole life again, once half of it is over. */
export async function keepAlive(
  cart: Cart,
  { now, transaction }: Pick<Acting, "now" | "transaction">,
  { carts, lifetimeMs }: CartDependencies,
): Promise<Cart> {
  if (!isDueForRenewal(cart, { now, lifetimeMs })) return cart;
  const expiresAt = now + lifetimeMs;
  await transaction((tx) => carts.renew(cart.id, expiresAt, now, tx));
  return { ...cart, expiresAt };
}

/**
 * Changes the items or the coupon of a cart. Changes to one cart happen one after the other, each on what the one before it left.
 *
 * @throws ShopError `not-found` also for a cart that is not the caller's; `precondition-failed` when it has changed
 * since the version that the caller expects; what `change` throws
 */
export async function changeCart(
  context: Acting & { readonly params: Params<"cart.get"> & { readonly expectedVersion?: number | undefined } },
  { carts, lifetimeMs }: CartDependencies,
  change: (cart: Cart, clock: Clock) => Cart,
): Promise<Cart> {
  const { params, caller, now, transaction } = context;
  return transaction(async (tx) => {
    const cart = await carts.lock(params.id, accessOf(caller, params.cartToken), now, tx);
    if (!cart) throw new ShopError("not-found");
    if (params.expectedVersion !== undefined && params.expectedVersion !== cart.version)
      throw new ShopError("precondition-failed");
    const changed = change(cart, { now, lifetimeMs });
    await carts.save(cart, changed, tx);
    return changed;
  });
}
