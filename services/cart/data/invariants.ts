import type { Invariant } from "../../../mixins/database/invariant.ts";
import { maxItems, maxQuantity } from "../cart.contract.ts";

/** Invariants of this service's data. */
export const invariants: readonly Invariant[] = [
  {
    code: "carts.items-have-carts",
    says: "Every item is in a cart",
    subject: { table: "cart_items", key: "id" },
    broken: `SELECT i.id AS itemId, i.cart_id AS cartId, i.variant_id AS variantId FROM cart_items i
             LEFT JOIN carts c ON c.id = i.cart_id WHERE {page i.id} AND c.id IS NULL`,
  },
  {
    code: "carts.quantities",
    says: "Every item has a quantity from 1 to the limit and a price that is not negative",
    subject: { table: "cart_items", key: "id" },
    broken: `SELECT id AS itemId, cart_id AS cartId, quantity, price_minor AS price FROM cart_items
             WHERE {page id} AND (quantity < 1 OR quantity > ${maxQuantity} OR price_minor < 0 OR LENGTH(currency) <> 3)`,
  },
  {
    code: "carts.one-owner",
    says: "A cart belongs to a customer or to the holder of its token, never to both or neither",
    subject: { table: "carts", key: "id" },
    broken: `SELECT id AS cartId, customer_id AS customerId, version FROM carts
             WHERE {page id} AND ((customer_id IS NULL) = (token_hash IS NULL) OR LENGTH(token_hash) <> 64)`,
  },
  {
    code: "carts.lives",
    says: "Every cart expires after its last change, names a coupon in capitals, and holds at most the maximum number of items",
    subject: { table: "carts", key: "id" },
    broken: `SELECT t.* FROM (
               SELECT c.id AS cartId, c.version, c.coupon_code AS coupon, c.created_at AS createdAt, c.updated_at AS updatedAt,
                 c.expires_at AS expiresAt, (SELECT COUNT(*) FROM cart_items i WHERE i.cart_id = c.id) AS items
               FROM carts c WHERE {page c.id}
             ) t WHERE t.version < 1 OR t.items > ${maxItems} OR t.updatedAt + {graceMs} < t.createdAt
               OR t.expiresAt <= t.updatedAt OR t.coupon = '' OR HEX(t.coupon) <> HEX(UPPER(t.coupon))`,
  },
];
