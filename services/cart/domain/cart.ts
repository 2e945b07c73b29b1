import type { FieldError } from "../../../mixins/contract/errors.ts";
import { ShopError } from "../../../mixins/contract/errors.ts";
import type { Money } from "../../../mixins/contract/money.ts";
import { maxItems, maxQuantity } from "../cart.contract.ts";

/** Quantity of one variant. A cart has at most one item per variant. */
export interface CartItem {
  readonly id: string;
  readonly variantId: string;
  /** 1 to `maxQuantity`. */
  readonly quantity: number;
  /** Unit price when the customer last added it. */
  readonly priceWhenAdded: Money;
}

/** A cart with its items, in the order they were added. Times are milliseconds since the Unix epoch. */
export interface Cart {
  readonly id: string;
  /** Null for a guest's cart. */
  readonly customerId: string | null;
  /** In capitals; null without one. Pricing decides whether it applies. */
  readonly couponCode: string | null;
  /** Incremented with each change of the items or the coupon. */
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly expiresAt: number;
  readonly items: readonly CartItem[];
}

/** Time of a change, and the lifetime of an unused cart (ms). */
export interface Clock {
  readonly now: number;
  readonly lifetimeMs: number;
}

export function emptyCart(id: string, customerId: string | null, { now, lifetimeMs }: Clock): Cart {
  const expiresAt = now + lifetimeMs;
  return {
    id,
    customerId,
    couponCode: null,
    version: 1,
    createdAt: now,
    updatedAt: now,
    expiresAt,
    items: [],
  };
}

/** Replaces the items, increments the version and renews the expiry. */
export function withItems(cart: Cart, items: readonly CartItem[], { now, lifetimeMs }: Clock): Cart {
  // Ids sort by time, also those of items merged from another cart.
  const inOrder = items.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return { ...cart, items: inOrder, version: cart.version + 1, updatedAt: now, expiresAt: now + lifetimeMs };
}

/** Replaces or clears the coupon. Increments the version unless nothing changes. */
export function withCoupon(cart: Cart, couponCode: string | null, { now, lifetimeMs }: Clock): Cart {
  if (cart.couponCode === couponCode) return cart;
  return { ...cart, couponCode, version: cart.version + 1, updatedAt: now, expiresAt: now + lifetimeMs };
}

/**
 * Adds an item. Increases the quantity of an existing item of the variant, at the current price, which the
 * customer has just seen.
 *
 * @throws ShopError `limit-reached` beyond `maxQuantity` of one variant or `maxItems` variants
 */
export function withItemAdded(cart: Cart, added: CartItem, clock: Clock): Cart {
  const items = increased(cart.items, added);
  if ("limit" in items) throw new ShopError("limit-reached", items.message, { limit: items.limit });
  return withItems(cart, items, clock);
}

/**
 * Adds several items as `withItemAdded` does: all, or none.
 *
 * @throws ShopError `validation-failed` that names each item beyond a limit
 */
export function withItemsAdded(cart: Cart, added: readonly CartItem[], clock: Clock): Cart {
  let items = cart.items;
  const errors: FieldError[] = [];
  for (const [index, item] of added.entries()) {
    const more = increased(items, item);
    if ("limit" in more)
      errors.push({ path: `items.${index}`, code: "limit-reached", message: more.message });
    else items = more;
  }
  if (errors.length > 0) throw new ShopError("validation-failed", undefined, { errors });
  return withItems(cart, items, clock);
}

interface LimitExceeded {
  readonly limit: number;
  readonly message: string;
}

function increased(items: readonly CartItem[], added: CartItem): readonly CartItem[] | LimitExceeded {
  const there = items.find((item) => item.variantId === added.variantId);
  if (!there && items.length >= maxItems)
    return { limit: maxItems, message: `A cart holds at most ${maxItems} different items` };
  const quantity = (there?.quantity ?? 0) + added.quantity;
  if (quantity > maxQuantity)
    return { limit: maxQuantity, message: `A cart holds at most ${maxQuantity} of an item` };
  if (!there) return [...items, added];
  return replaced(items, { ...there, quantity, priceWhenAdded: added.priceWhenAdded });
}

/**
 * Sets an item's quantity.
 *
 * @throws ShopError `not-found` when the cart has no such item
 */
export function withQuantity(cart: Cart, itemId: string, quantity: number, clock: Clock): Cart {
  return withItems(cart, replaced(cart.items, { ...itemOf(cart, itemId), quantity }), clock);
}

/** @throws ShopError `not-found` when the cart has no such item */
export function withoutItem(cart: Cart, itemId: string, clock: Clock): Cart {
  const removed = itemOf(cart, itemId);
  return withItems(
    cart,
    cart.items.filter((item) => item !== removed),
    clock,
  );
}

/** Removes the ordered quantities; items added since the order stay. */
export function withoutOrdered(
  cart: Cart,
  lines: readonly { readonly variantId: string; readonly quantity: number }[],
  clock: Clock,
): Cart {
  const ordered = new Map<string, number>();
  for (const { variantId, quantity } of lines)
    ordered.set(variantId, (ordered.get(variantId) ?? 0) + quantity);
  if (!cart.items.some((item) => ordered.has(item.variantId))) return cart;
  const remaining = cart.items.map((item) => {
    const orderedQuantity = ordered.get(item.variantId);
    return orderedQuantity === undefined ? item : { ...item, quantity: item.quantity - orderedQuantity };
  });
  return withItems(
    cart,
    remaining.filter(({ quantity }) => quantity > 0),
    clock,
  );
}

/**
 * The cart with only the chosen items.
 *
 * @param itemIds undefined: all items
 * @throws ShopError `not-found` when the cart has no such item
 */
export function withOnly(cart: Cart, itemIds: readonly string[] | undefined): Cart {
  if (itemIds === undefined) return cart;
  for (const itemId of itemIds) itemOf(cart, itemId);
  return { ...cart, items: cart.items.filter(({ id }) => itemIds.includes(id)) };
}

/** True when a cart in use is due for renewal. Renewing on every read would make each read a write. */
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
