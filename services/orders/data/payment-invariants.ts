import type { Invariant } from "../../../mixins/database/invariant.ts";

const orders = { table: "orders", key: "id" } as const;

/** What always holds of the money that came in for orders and was given back. */
export const paymentInvariants: readonly Invariant[] = [
  {
    code: "payments.paid-once",
    says: "An order that was paid has one payment of its total; one that was not has none",
    subject: orders,
    broken: `SELECT t.* FROM (
               SELECT o.number, o.id AS orderId, o.status, o.total,
                 (SELECT COUNT(*) FROM payments p WHERE p.order_id = o.id) AS payments,
                 CAST(COALESCE((SELECT SUM(p.amount) FROM payments p WHERE p.order_id = o.id), 0) AS SIGNED) AS paid,
                 (SELECT COUNT(*) FROM timeline e WHERE e.order_id = o.id AND e.event = 'paid') AS timesPaid
               FROM orders o WHERE {page o.id}
             ) t WHERE t.payments <> t.timesPaid OR t.payments > 1 OR t.paid <> t.payments * t.total
               OR (t.status NOT IN ('placed', 'expired', 'cancelled') AND t.payments <> 1)
               OR (t.status IN ('placed', 'expired') AND t.payments <> 0)`,
  },
  {
    code: "payments.of-orders",
    says: "Every payment is for an order that exists, in its currency",
    subject: { table: "payments", key: "id" },
    broken: `SELECT p.id AS paymentId, p.order_id AS orderId, o.number, p.amount, p.currency
             FROM payments p LEFT JOIN orders o ON o.id = p.order_id
             WHERE {page p.id} AND (o.id IS NULL OR o.currency <> p.currency OR p.amount < 0)`,
  },
  {
    code: "payments.refunded",
    says: "What an order gives back is what its returns give back, or all of it when it was cancelled, and no more than was paid",
    subject: orders,
    broken: `SELECT t.* FROM (
               SELECT o.number, o.id AS orderId, o.status, o.refunded,
                 CAST(COALESCE((SELECT SUM(p.amount) FROM payments p WHERE p.order_id = o.id), 0) AS SIGNED) AS paid,
                 CAST(COALESCE((SELECT SUM(r.refund) FROM returns r WHERE r.order_id = o.id), 0) AS SIGNED) AS ofReturns
               FROM orders o WHERE {page o.id}
             ) t WHERE t.refunded > t.paid OR t.refunded < 0
               OR t.refunded <> CASE t.status WHEN 'cancelled' THEN t.paid ELSE t.ofReturns END`,
  },
];
