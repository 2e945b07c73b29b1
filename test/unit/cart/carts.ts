import { newId } from "../../../mixins/contract/ids.ts";
import type { Cart, CartItem } from "../../../services/cart/domain/cart.ts";
import { emptyCart } from "../../../services/cart/domain/cart.ts";

export const clock = { now: 1_000_000, lifetimeMs: 60_000 };

export function item(changes: Partial<CartItem> = {}): CartItem {
  const priceWhenAdded = { amount: 1000, currency: "GBP" };
  return { id: newId(), variantId: newId(), quantity: 1, priceWhenAdded, ...changes };
}

export function cartOf(...items: CartItem[]): Cart {
  return { ...emptyCart(newId(), null, { ...clock, now: 0 }), items };
}
