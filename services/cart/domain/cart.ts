import { ShopError } from "../../contract/errors.ts";
import type { Money } from "../../contract/money.ts";
import { maxItems, maxQuantity } from "../cart.contract.ts";

/** So many of one variant. A cart has at most one item of a variant. */
export interface CartItem {
  readonly id: string;
  readonly variantId: string;
  /** 1 to `maxQuantity`. */
  readonly quantity: number;
  /** What one cost when the customer last put it in. */
  readonly priceWhenAdded: Money;
}

/** A cart with its items, first put in first. Times are milliseconds since 1970, UTC. */
export interface Cart {
  readonly id: string;
  /** Null for a guest's. */
  readonly customerId: string | null;
  /** In capitals; null without one. Whether it takes something off is another matter. */
  readonly couponCode: string | null;
  /** Grows with each change of the items or the coupon. */
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly expiresAt: number;
  readonly items: readonly CartItem[];
}

/** When a change happens, and for how long a cart lives that nobody uses (ms). */
export interface Clock {
  readonly now: number;
  readonly lifetimeMs: number;
}

export function emptyCart(id: string, customerId: string | null, { now, lifetimeMs }: Clock): Cart {
  const expiresAt = now + lifetimeMs;
  return { id, customerId, couponCode: null, version: 1, createdAt: now, updatedAt: now, expiresAt, items: [] };
}

/** The cart with other items: a version later, and with its whole life before it. */
export function withItems(cart: Cart, items: readonly CartItem[], { now, lifetimeMs }: Clock): Cart {
  // Ids are ordered by time, also those of items that came from another cart.
  const inOrder = items.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return { ...cart, items: inOrder, version: cart.version + 1, updatedAt: now, expiresAt: now + lifetimeMs };
}

/** The cart with another coupon or with none: a version later, unless it is as before. */
export function withCoupon(cart: Cart, couponCode: string | null, { now, lifetimeMs }: Clock): Cart {
  if (cart.couponCode === couponCode) return cart;
  return { ...cart, couponCode, version: cart.version + 1, updatedAt: now, expiresAt: now + lifetimeMs };
}

/**
 * Puts an item in. What is there of its variant already is added to, at the price of now: that is the one that the
 * customer has just seen.
 *
 * @throws ShopError `limit-reached` beyond `maxQuantity` of one variant or `maxItems` variants
 */
export function putIn(cart: Cart, added: CartItem, clock: Clock): Cart {
  const there = cart.items.find((item) => item.variantId === added.variantId);
  if (!there && cart.items.length >= maxItems)
    throw new ShopError("limit-reached", `A cart holds at most ${maxItems} different items`, { limit: maxItems });
  const quantity = (there?.quantity ?? 0) + added.quantity;
  if (quantity > maxQuantity)
    throw new ShopError("limit-reached", `A cart holds at most ${maxQuantity} of an item`, { limit: maxQuantity });
  if (!there) return withItems(cart, [...cart.items, added], clock);
  const more = { ...there, quantity, priceWhenAdded: added.priceWhenAdded };
  return withItems(cart, replaced(cart.items, more), clock);
}

/**
 * Sets an item's quantity.
 *
 * @throws ShopError `not-found` when the cart has no such item
 */
export function setQuantity(cart: Cart, itemId: string, quantity: number, clock: Clock): Cart {
  return withItems(cart, replaced(cart.items, { ...itemOf(cart, itemId), quantity }), clock);
}

/** @throws ShopError `not-found` when the cart has no such item */
export function takeOut(cart: Cart, itemId: string, clock: Clock): Cart {
  const gone = itemOf(cart, itemId);
  return withItems(
    cart,
    cart.items.filter((item) => item !== gone),
    clock,
  );
}

/** Takes out what was ordered; what came in since the order was made up stays. */
export function takeOutOrdered(
  cart: Cart,
  lines: readonly { readonly variantId: string; readonly quantity: number }[],
  clock: Clock,
): Cart {
  const ordered = new Map<string, number>();
  for (const { variantId, quantity } of lines) ordered.set(variantId, (ordered.get(variantId) ?? 0) + quantity);
  if (!cart.items.some((item) => ordered.has(item.variantId))) return cart;
  const left = cart.items.map((item) => {
    const taken = ordered.get(item.variantId);
    return taken === undefined ? item : { ...item, quantity: item.quantity - taken };
  });
  return withItems(
    cart,
    left.filter(({ quantity }) => quantity > 0),
    clock,
  );
}

/** Whether a cart that is being used should get a longer life: not at each use, that would make every read a write. */
export function isDueForRenewal(cart: Cart, { now, lifetimeMs }: Clock): boolean {
  return cart.expiresAt - now < lifetimeMs / 2;
}

function itemOf(cart: Cart, itemId: string): CartItem {
  const item = cart.items.find(({ id }) => id === itemId);
  if (!item) throw new ShopError("not-found");
  return item;
}

function replaced(items: readonly CartItem[], changed: CartItem): CartItem[] {
  return items.map((item) => (item.id === changed.id ? changed : item));
}
