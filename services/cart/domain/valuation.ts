import type { Result } from "../../contract/calls.ts";
import type { Money } from "../../contract/money.ts";
import type { Cart, CartItem } from "./cart.ts";

/** What the catalogue says of a variant now. */
export type Variant = Result<"catalog.variants.lookup">[number];
/** By variant id; a variant that the catalogue no longer knows is missing. */
export type Variants = ReadonlyMap<string, Variant>;

/** An item as it could be ordered now. */
export interface ValuedItem {
  readonly item: CartItem;
  /** Undefined when the catalogue no longer knows it. */
  readonly variant: Variant | undefined;
  readonly state: "ok" | "short" | "unavailable";
  /** Null when it is not on sale. */
  readonly unitPrice: Money | null;
}

export function valueItems(cart: Cart, variants: Variants): ValuedItem[] {
  return cart.items.map((item) => {
    const variant = variants.get(item.variantId);
    if (!variant?.onSale) return { item, variant, state: "unavailable", unitPrice: null };
    const state = variant.available < item.quantity ? "short" : "ok";
    return { item, variant, state, unitPrice: variant.price };
  });
}

/** Whether checkout would take the cart as it is: there is something in it, and all of it is on sale and in stock. */
export function isOrderable(items: readonly ValuedItem[]): boolean {
  return items.length > 0 && items.every(({ state }) => state === "ok");
}
