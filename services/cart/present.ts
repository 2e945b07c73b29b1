import type { Result, TypedCall } from "../contract/calls.ts";
import { toTimestamp } from "../contract/fields.ts";
import { lookUpVariants } from "./catalog-variants.ts";
import type { Cart } from "./domain/cart.ts";
import type { ValuedItem, Variants } from "./domain/valuation.ts";
import { valueItems } from "./domain/valuation.ts";

type CartView = Result<"cart.get">;

/**
 * A cart as the API shows it, with prices and stock from the catalogue.
 *
 * @param known what the catalogue said a moment ago
 * @throws ShopError the catalogue's, when it is away
 */
export async function presentCart(cart: Cart, currency: string, call: TypedCall, known?: Variants): Promise<CartView> {
  const variantIds = cart.items.map(({ variantId }) => variantId);
  const items = valueItems(cart, await lookUpVariants(call, variantIds, known)).map(presentItem);
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
