import type { Result } from "../../mixins/contract/calls.ts";
import { toTimestamp } from "../../mixins/contract/fields.ts";
import type { Asker } from "./catalog-variants.ts";
import { lookUpVariants } from "./catalog-variants.ts";
import type { Cart } from "./domain/cart.ts";
import type { ValuedItem, Variants } from "./domain/valuation.ts";
import { valueItems } from "./domain/valuation.ts";

type CartView = Result<"cart.get">;

/**
 * Presents a cart with current prices and stock from the catalogue.
 *
 * @param known variants looked up already
 * @throws ShopError of the catalogue when it is unavailable
 */
export async function presentCart(
  cart: Cart,
  currency: string,
  asker: Asker,
  known?: Variants,
): Promise<CartView> {
  const variantIds = cart.items.map(({ variantId }) => variantId);
  const items = valueItems(cart, await lookUpVariants(asker, variantIds, known)).map(presentItem);
  return {
    id: cart.id,
    owner: cart.customerId === null ? "guest" : "customer",
    items,
    subtotal: { amount: items.reduce((sum, { lineTotal }) => sum + (lineTotal?.amount ?? 0), 0), currency },
    coupon: cart.couponCode,
    version: cart.version,
    createdAt: toTimestamp(cart.createdAt),
    updatedAt: toTimestamp(cart.updatedAt),
    expiresAt: toTimestamp(cart.expiresAt),
  };
}

function presentItem({ item, variant, state, unitPrice }: ValuedItem): CartView["items"][number] {
  return {
    id: item.id,
    variantId: item.variantId,
    quantity: item.quantity,
    state,
    productId: variant?.productId ?? null,
    merchantId: variant?.merchantId ?? null,
    productSlug: variant?.productSlug ?? null,
    name: variant?.name ?? null,
    sku: variant?.sku ?? null,
    options: variant?.options ?? {},
    available: unitPrice ? (variant?.available ?? 0) : 0,
    unitPrice,
    priceWhenAdded: item.priceWhenAdded,
    lineTotal: unitPrice && { amount: unitPrice.amount * item.quantity, currency: unitPrice.currency },
  };
}
