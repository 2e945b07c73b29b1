import { maxItems, maxQuantity } from "../cart.contract.ts";
import type { Cart, CartItem, Clock } from "./cart.ts";
import { withCoupon, withItems } from "./cart.ts";

export interface Merged {
  readonly own: Cart;
  /** Keeps items beyond the limits, so that none are lost; without items it can be removed. */
  readonly guest: Cart;
}

/**
 * Moves a guest cart's items into a customer's cart, in the order they were added, up to the limits. Items in
 * both carts keep the customer's price. The guest's coupon replaces the customer's, since they last saw a
 * price with it. Merging the remainder again moves only what fits by then.
 */
export function mergeCarts(own: Cart, guest: Cart, clock: Clock): Merged {
  const merged = [...own.items];
  const leftover: CartItem[] = [];
  for (const item of guest.items) {
    const index = merged.findIndex(({ variantId }) => variantId === item.variantId);
    const there = merged[index];
    if (!there) {
      (merged.length < maxItems ? merged : leftover).push(item);
      continue;
    }
    const fitting = Math.min(item.quantity, maxQuantity - there.quantity);
    merged[index] = { ...there, quantity: there.quantity + fitting };
    if (fitting < item.quantity) leftover.push({ ...item, quantity: item.quantity - fitting });
  }
  const carts =
    sum(leftover) === sum(guest.items)
      ? { own, guest }
      : { own: withItems(own, merged, clock), guest: withItems(guest, leftover, clock) };
  if (guest.couponCode === null) return carts;
  return { own: withCoupon(carts.own, guest.couponCode, clock), guest: withCoupon(carts.guest, null, clock) };
}

function sum(items: readonly CartItem[]): number {
  return items.reduce((total, { quantity }) => total + quantity, 0);
}
