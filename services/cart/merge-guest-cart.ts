import type { Tx } from "../../mixins/database/database.ts";
import { newId } from "../contract/ids.ts";
import { hashOfCartToken } from "./cart-access.ts";
import type { CartDependencies } from "./cart.dependencies.ts";
import type { Cart } from "./domain/cart.ts";
import { emptyCart } from "./domain/cart.ts";
import { mergeCarts } from "./domain/merge.ts";

/**
 * Moves a guest cart's items into the customer's cart, which is made when there is none. The guest cart is removed,
 * unless the limits of a cart kept something out: then it lives on with that, under the same token.
 *
 * Once it is removed, doing it again changes nothing, so that a retry finds what the first try achieved.
 *
 * @returns the customer's cart; undefined when there is neither such a guest cart nor one of the customer's
 */
export async function mergeGuestCart(
  request: { readonly id: string; readonly cartToken: string; readonly customerId: string; readonly now: number },
  { carts, lifetimeMs }: CartDependencies,
  tx: Tx,
): Promise<Cart | undefined> {
  const { id, cartToken, customerId, now } = request;
  const clock = { now, lifetimeMs };
  // Always the guest's before the customer's, so that two merges never wait for each other.
  const guest = await carts.lock(id, { customerId: null, tokenHash: hashOfCartToken(cartToken) }, now, tx);
  if (!guest) return carts.ofCustomer(customerId, now, tx);
  const own = await carts.lockOrInsertForCustomer(customerId, emptyCart(newId(), customerId, clock), now, tx);

  const merged = mergeCarts(own, guest, clock);
  // Items keep their ids as they move, so they leave the one cart before they enter the other.
  if (merged.guest.items.length === 0) await carts.remove(guest, tx);
  else await carts.save(guest, merged.guest, tx);
  await carts.save(own, merged.own, tx);
  return merged.own;
}
