import type { Invariant } from "../../../mixins/database/invariant.ts";

const checkouts = { table: "checkouts", key: "order_id" } as const;
const orders = { table: "orders", key: "id" } as const;

/** What always holds of checkouts and of the orders that came of them. */
export const checkoutInvariants: readonly Invariant[] = [
  {
    code: "checkouts.one-order-per-key",
    says: "Under one idempotency key a customer has at most one order",
    subject: checkouts,
    broken: `SELECT c.customer_id AS customerId, c.idempotency_key AS idempotencyKey, c.order_id AS orderId,
               o.order_id AS otherOrderId
             FROM checkouts c JOIN checkouts o ON o.customer_id = c.customer_id
               AND o.idempotency_key = c.idempotency_key AND o.order_id > c.order_id
             WHERE {page c.order_id}`,
  },
  {
    code: "checkouts.placed",
    says: "A checkout is placed exactly when its order exists, with the answer to repeat, for the same customer",
    subject: checkouts,
    broken: `SELECT o.number, c.order_id AS orderId, c.state, c.customer_id AS customerId,
               o.customer_id AS orderOf, c.response IS NOT NULL AS answered
             FROM checkouts c LEFT JOIN orders o ON o.id = c.order_id
             WHERE {page c.order_id} AND ((c.state = 'placed') = (o.id IS NULL)
               OR (c.state = 'placed') = (c.response IS NULL) OR o.customer_id <> c.customer_id)`,
  },
  {
    code: "checkouts.remembered",
    says: "Every order is remembered under its idempotency key as long as keys are kept",
    subject: orders,
    broken: `SELECT o.number, o.id AS orderId, o.placed_at AS placedAt
             FROM orders o LEFT JOIN checkouts c ON c.order_id = o.id
             WHERE {page o.id} AND o.placed_at > {keysKeptSince} AND c.order_id IS NULL`,
  },
  {
    code: "orders.cart-ordered-once",
    says: "Every order came of one state of a cart, and no state of a cart became two orders",
    subject: orders,
    broken: `SELECT t.* FROM (
               SELECT o.number, o.id AS orderId, o.cart_id AS cartId,
                 (SELECT COUNT(*) FROM ordered_carts c WHERE c.order_id = o.id AND c.cart_id = o.cart_id) AS states,
                 (SELECT COUNT(*) FROM ordered_carts c JOIN ordered_carts d
                    ON d.cart_id = c.cart_id AND d.cart_version = c.cart_version
                  WHERE c.cart_id = o.cart_id AND c.order_id = o.id AND d.order_id <> o.id) AS sharedWith
               FROM orders o WHERE {page o.id}
             ) t WHERE t.states <> 1 OR t.sharedWith > 0`,
  },
];
