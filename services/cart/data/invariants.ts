import type { Invariant } from "../../../mixins/database/invariant.ts";

/** What always holds in this service's data. */
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
    says: "Of every item in a cart there is at least one, at a price that is not negative",
    subject: { table: "cart_items", key: "id" },
    broken: `SELECT id AS itemId, cart_id AS cartId, quantity, price_minor AS price FROM cart_items
             WHERE {page id} AND (quantity < 1 OR price_minor < 0)`,
  },
  {
    code: "carts.one-owner",
    says: "A cart belongs to a customer or to whoever has its token, never to both or neither",
    subject: { table: "carts", key: "id" },
    broken: `SELECT id AS cartId, customer_id AS customerId, version FROM carts
             WHERE {page id} AND (customer_id IS NULL) = (token_hash IS NULL)`,
  },
];
