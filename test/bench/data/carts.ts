import { newId } from "../../../mixins/contract/ids.ts";
import { hashOfCartToken } from "../../../services/cart/cart-access.ts";
import type { Database } from "../../../mixins/database/database.ts";
import { fill } from "./bulk-insert.ts";
import type { SoldVariant } from "./catalogue.ts";

/** A guest's prepared cart. */
export interface PreparedCart {
  readonly id: string;
  readonly token: string;
  /** Its variants, one of each. */
  readonly variants: readonly SoldVariant[];
}

const lifetimeMs = 30 * 24 * 3600 * 1000;

/**
 * Inserts guests' carts into the cart service's tables.
 *
 * @param prefix of the tables' names
 * @param contents items of the n-th cart
 */
export async function prepareCarts(
  database: Database,
  count: number,
  contents: (index: number) => readonly SoldVariant[],
  prefix = "",
): Promise<PreparedCart[]> {
  const carts = Array.from({ length: count }, (_, index) => ({
    id: newId(),
    token: `token-${newId()}`,
    variants: contents(index),
  }));
  const now = Date.now();
  await fill(database, count, (index) => {
    const { id = "", token = "", variants = [] } = carts[index] ?? {};
    const times = { created_at: now, updated_at: now, expires_at: now + lifetimeMs };
    return {
      [`${prefix}carts`]: [
        {
          id,
          customer_id: null,
          token_hash: hashOfCartToken(token),
          coupon_code: null,
          version: 1,
          ...times,
        },
      ],
      [`${prefix}cart_items`]: variants.map((variant) => ({
        id: newId(),
        cart_id: id,
        variant_id: variant.id,
        quantity: 1,
        price_minor: variant.price,
        currency: "GBP",
      })),
    };
  });
  return carts;
}
