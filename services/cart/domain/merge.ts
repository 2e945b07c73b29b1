import { maxItems, maxQuantity } from "../cart.contract.ts";
import type { Cart, CartItem, Clock } from "./cart.ts";
import { withCoupon, withItems } from "./cart.ts";

export interface Merged {
  readonly own: Cart;
  /** Holds what the limits kept out, so that nothing is lost; without items it has served its purpose. */
  readonly guest: Cart;
}

/**
 * Moves the items of a guest cart into a customer's, in the order in which they were put in, as far as its limits
 * allow. An item that both have keeps the customer's price. The guest's coupon comes along and takes the place of the
 * customer's: it is the one that they have just seen a price with. Merging again what was left moves only what fits by
 * then.
 */
export function mergeCarts(own: Cart, guest: Cart, clock: Clock): Merged {
  const merged = [...own.items];
  const left: CartItem[] = [];
  for (const item of guest.items) {
    const index = merged.findIndex(({ variantId }) => variantId === item.variantId);
    const there = merged[index];
    if (!there) {
      (merged.length < maxItems ? merged : left).push(item);
      continue;
    }
    const fitting = Math.min(item.quantity, maxQuantity - there.quantity);
    merged[index] = { ...there, quantity: there.quantity + fitting };
    if (fitting < item.quantity) left.push({ ...item, quantity: item.quantity - fitting });
  }
  const carts =
    sum(left) === sum(guest.items)
      ? { own, guest }
      : { own: withItems(own, merged, clock), guest: withItems(guest, left, clock) };
  if (guest.couponCode === null) return carts;
  return { own: withCoupon(carts.own, guest.couponCode, clock), guest: withCoupon(carts.guest, null, clock) };
}

function sum(items: readonly CartItem[]): number {
  return items.reduce((total, { quantity }) => total + quantity, 0);
}
