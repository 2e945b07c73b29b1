import type { ActionContext } from "../../mixins/service/action-runtime.ts";
import type { Params } from "../../mixins/contract/calls.ts";
import { ShopError } from "../../mixins/contract/errors.ts";
import { accessOf, readAccessOf } from "./cart-access.ts";
import type { CartDependencies } from "./cart.dependencies.ts";
import type { Cart, Clock } from "./domain/cart.ts";
import { isDueForRenewal } from "./domain/cart.ts";
import { assertVersion } from "../../mixins/contract/if-match.ts";

type CartContext = Pick<ActionContext<"cart.get">, "caller" | "now" | "transaction">;

/**
 * The cart that an action reads; reading renews its expiry.
 *
 * @throws ShopError `not-found`, also for a foreign cart
 */
export async function readCart(
  context: CartContext & { readonly params: Params<"cart.get"> },
  dependencies: CartDependencies,
): Promise<Cart> {
  const { params, caller, now } = context;
  const cart = await dependencies.carts.find(params.id, readAccessOf(caller, params.cartToken), now);
  if (!cart) throw new ShopError("not-found");
  return renewIfDue(cart, context, dependencies);
}

/** Renews the expiry of a cart in use once half of its lifetime has passed. */
export async function renewIfDue(
  cart: Cart,
  { now, transaction }: Pick<CartContext, "now" | "transaction">,
  { carts, lifetimeMs }: CartDependencies,
): Promise<Cart> {
  if (!isDueForRenewal(cart, { now, lifetimeMs })) return cart;
  const expiresAt = now + lifetimeMs;
  await transaction((tx) => carts.renew(cart.id, expiresAt, now, tx));
  return { ...cart, expiresAt };
}

/**
 * Changes the items or the coupon of a cart. The row lock serializes changes to one cart.
 *
 * @throws ShopError `not-found`, also for a foreign cart; `precondition-failed` for a stale `If-Match`
 *   version; errors of `change`
 */
export async function changeCart(
  context: CartContext & {
    readonly params: Params<"cart.get"> & { readonly expectedVersion?: number | undefined };
  },
  { carts, lifetimeMs, filledCarts }: CartDependencies,
  change: (cart: Cart, clock: Clock) => Cart,
): Promise<Cart> {
  const { params, caller, now, transaction } = context;
  const { before, after } = await transaction(async (tx) => {
    const cart = await carts.lock(params.id, accessOf(caller, params.cartToken), now, tx);
    if (!cart) throw new ShopError("not-found");
    assertVersion(cart, params);
    const changed = change(cart, { now, lifetimeMs });
    await carts.save(cart, changed, tx);
    return { before: cart, after: changed };
  });
  if (before.items.length === 0 && after.items.length > 0) filledCarts.add();
  return after;
}
