import type { Tx } from "../../mixins/database/database.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { hashOfCartToken } from "./cart-access.ts";
import type { CartDependencies } from "./cart.dependencies.ts";
import type { Cart } from "./domain/cart.ts";
import { emptyCart } from "./domain/cart.ts";
import { mergeCarts } from "./domain/merge.ts";

/**
 * Merges a guest cart into the customer's cart, creating that if necessary. The guest cart is removed, unless
 * a cart's limits left items in it; it then stays valid with the same token.
 * Idempotent: once the guest cart is removed, a retry finds the result of the first attempt.
 *
 * @returns the customer's cart; undefined when neither cart exists
 */
export async function mergeGuestCart(
  request: {
    readonly id: string;
    readonly cartToken: string;
    readonly customerId: string;
    readonly now: number;
  },
  { carts, lifetimeMs }: CartDependencies,
  tx: Tx,
): Promise<Cart | undefined> {
  const { id, cartToken, customerId, now } = request;
  const clock = { now, lifetimeMs };
  // Lock order: guest's cart before customer's, so concurrent merges cannot deadlock.
  const guest = await carts.lock(id, { customerId: null, tokenHash: hashOfCartToken(cartToken) }, now, tx);
  if (!guest) return carts.ofCustomer(customerId, now, tx);
  const own = await carts.lockOrInsertForCustomer(customerId, emptyCart(newId(), customerId, clock), now, tx);

  const merged = mergeCarts(own, guest, clock);
  // Moved items keep their ids, so delete them from one cart before inserting them into the other.
  if (merged.guest.items.length === 0) await carts.remove(guest, tx);
  else await carts.save(guest, merged.guest, tx);
  await carts.save(own, merged.own, tx);
  return merged.own;
}
