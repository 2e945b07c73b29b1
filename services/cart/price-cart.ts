import type { Caller } from "../contract/caller.ts";
import type { Result, TypedCall } from "../contract/calls.ts";
import { lookUpVariants } from "./catalog-variants.ts";
import type { Cart } from "./domain/cart.ts";
import type { ValuedItem, Variants } from "./domain/valuation.ts";
import { valueItems } from "./domain/valuation.ts";

export interface PricedCart {
  readonly price: Result<"orders.price">;
  readonly items: readonly ValuedItem[];
  readonly variants: Variants;
}

/**
 * Asks the orders service what a cart comes to, by the same rule as at checkout, were it ordered by the caller now. What
 * is not on sale has no price and is left out.
 *
 * @param country where it is to go; null when that is not known yet
 */
export async function priceCart(
  cart: Cart,
  country: string | null,
  { call, caller }: { readonly call: TypedCall; readonly caller: Caller },
): Promise<PricedCart> {
  const variants = await lookUpVariants(call, cart.items.map(({ variantId }) => variantId));
  const items = valueItems(cart, variants);
  const lines = items.flatMap(({ item, unitPrice }) => (unitPrice ? [{ quantity: item.quantity, unitPrice }] : []));
  const customerId = caller.kind === "user" ? caller.userId : cart.customerId;
  const price = await call("orders.price", { lines, country, couponCode: cart.couponCode, customerId });
  return { price, items, variants };
}
