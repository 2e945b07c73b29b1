import type { Result } from "../../../mixins/contract/calls.ts";
import type { Money } from "../../../mixins/contract/money.ts";
import type { Cart, CartItem } from "./cart.ts";

/** A variant's current state in the catalogue. */
export type Variant = Result<"catalog.variants.lookup">[number];
/** By variant id; variants unknown to the catalogue are missing. */
export type Variants = ReadonlyMap<string, Variant>;

/** An item with its current price and availability. */
export interface ValuedItem {
  readonly item: CartItem;
  /** Undefined when the catalogue no longer has it. */
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

/** True when checkout would accept the cart: it has items, and all are on sale and in stock. */
export function isOrderable(items: readonly ValuedItem[]): boolean {
  return items.length > 0 && items.every(({ state }) => state === "ok");
}
