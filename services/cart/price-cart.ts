import type { Caller } from "../../mixins/contract/caller.ts";
import type { Result } from "../../mixins/contract/calls.ts";
import type { Asker } from "./catalog-variants.ts";
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
 * Prices a cart at the orders service, by the same rule as checkout, for the caller. Items not on sale have
 * no price and are excluded.
 *
 * @param country destination; null when unknown
 */
export async function priceCart(
  cart: Cart,
  country: string | null,
  { call, caller, locale }: Asker & { readonly caller: Caller },
): Promise<PricedCart> {
  const variants = await lookUpVariants(
    // Without a coupon, nothing depends on them.
    { call, locale, withScopes: cart.couponCode !== null },
    cart.items.map(({ variantId }) => variantId),
  );
  const items = valueItems(cart, variants);
  const lines = items.flatMap(({ item: { quantity }, unitPrice, variant }) => {
    if (!unitPrice || !variant) return [];
    const { merchantId, productId, brandId, categoryIds } = variant;
    const line = { quantity, unitPrice, merchantId: merchantId ?? undefined };
    return [cart.couponCode === null ? line : { ...line, productId, brandId, categoryIds }];
  });
  const customerId = caller.kind === "user" ? caller.userId : cart.customerId;
  const price = await call("orders.price", { lines, country, couponCode: cart.couponCode, customerId });
  return { price, items, variants };
}
