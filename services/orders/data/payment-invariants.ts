import type { Invariant } from "../../../mixins/database/invariant.ts";

const orders = { table: "orders", key: "id" } as const;
const payments = { table: "payments", key: "id" } as const;
const refunds = { table: "refunds", key: "id" } as const;

/** Money that came in and was kept for its order `o`; what came too late is on its way back. */
const kept = `FROM payments p WHERE p.order_id = o.id AND p.status = 'succeeded'
  AND NOT EXISTS (SELECT f.id FROM refunds f WHERE f.payment_id = p.id AND f.cause = 'late-payment')`;

/** What always holds of the money that came in for orders and was given back. */
export const paymentInvariants: readonly Invariant[] = [
  {
    code: "payments.paid-once",
    says: "An order that was paid has one payment of its total that counts; one that was not has none",
    subject: orders,
    broken: `SELECT t.* FROM (
               SELECT o.number, o.id AS orderId, o.status, o.total,
                 (SELECT COUNT(*) ${kept}) AS payments,
                 CAST(COALESCE((SELECT SUM(p.amount) ${kept}), 0) AS SIGNED) AS paid,
                 (SELECT COUNT(*) FROM timeline e WHERE e.order_id = o.id AND e.event = 'paid') AS timesPaid
               FROM orders o WHERE {page o.id}
             ) t WHERE t.payments <> t.timesPaid OR t.payments > 1 OR t.paid <> t.payments * t.total
               OR (t.status NOT IN ('placed', 'expired', 'cancelled') AND t.payments <> 1)
               OR (t.status IN ('placed', 'expired') AND t.payments <> 0)`,
  },
  {
    code: "payments.of-orders",
    says: "Every payment is for an order that exists, of its total and in its currency",
    subject: payments,
    broken: `SELECT p.id AS paymentId, p.order_id AS orderId, o.number, p.amount, p.currency
             FROM payments p LEFT JOIN orders o ON o.id = p.order_id
             WHERE {page p.id} AND (o.id IS NULL OR o.currency <> p.currency OR p.amount <> o.total)`,
  },
  {
    code: "payments.late-go-back",
    says: "Money that came too late goes back once, and in full",
    subject: payments,
    broken: `SELECT t.* FROM (
               SELECT p.id AS paymentId, p.order_id AS orderId, p.status, p.amount,
                 COUNT(f.id) AS refunds, CAST(SUM(f.amount) AS SIGNED) AS refunded
               FROM payments p JOIN refunds f ON f.payment_id = p.id AND f.cause = 'late-payment'
               WHERE {page p.id} GROUP BY p.id, p.order_id, p.status, p.amount
             ) t WHERE t.refunds <> 1 OR t.refunded <> t.amount OR t.status <> 'succeeded'`,
  },
  {
    code: "payments.balance",
    says: "What is given or due back of a payment is what its refunds add up to, and no more than came in",
    subject: payments,
    broken: `SELECT t.* FROM (
               SELECT p.id AS paymentId, p.order_id AS orderId, p.status, p.amount, p.refunded,
                 CAST(COALESCE((SELECT SUM(f.amount) FROM refunds f WHERE f.payment_id = p.id), 0) AS SIGNED) AS ofRefunds
               FROM payments p WHERE {page p.id}
             ) t WHERE t.refunded <> t.ofRefunds OR t.refunded > t.amount OR t.refunded < 0
               OR (t.refunded > 0 AND t.status <> 'succeeded')`,
  },
  {
    code: "payments.refunded",
    says: "What an order gives back is what its own refunds add up to: no more than was paid, and all of it when it was cancelled",
    subject: orders,
    broken: `SELECT t.* FROM (
               SELECT o.number, o.id AS orderId, o.status, o.refunded,
                 CAST(COALESCE((SELECT SUM(p.amount) ${kept}), 0) AS SIGNED) AS paid,
                 CAST(COALESCE((SELECT SUM(f.amount) FROM refunds f
                   WHERE f.order_id = o.id AND f.cause <> 'late-payment'), 0) AS SIGNED) AS ofRefunds
               FROM orders o WHERE {page o.id}
             ) t WHERE t.refunded <> t.ofRefunds OR t.refunded > t.paid OR t.refunded < 0
               OR (t.status IN ('cancelled', 'refunded') AND t.refunded <> t.paid)`,
  },
  {
    code: "refunds.of-returns",
    says: "What returns give back is refunded, and nothing else as a return",
    subject: orders,
    broken: `SELECT t.* FROM (
               SELECT o.number, o.id AS orderId, o.status,
                 CAST(COALESCE((SELECT SUM(r.refund) FROM returns r WHERE r.order_id = o.id), 0) AS SIGNED) AS ofReturns,
                 CAST(COALESCE((SELECT SUM(f.amount) FROM refunds f
                   WHERE f.order_id = o.id AND f.cause = 'return'), 0) AS SIGNED) AS refunded
               FROM orders o WHERE {page o.id}
             ) t WHERE t.ofReturns <> t.refunded`,
  },
  {
    code: "refunds.of-payments",
    says: "Every refund is of a payment of its order, in its currency, and of something",
    subject: refunds,
    broken: `SELECT f.id AS refundId, f.order_id AS orderId, f.payment_id AS paymentId, f.amount, f.currency
             FROM refunds f LEFT JOIN payments p ON p.id = f.payment_id
             WHERE {page f.id} AND (p.id IS NULL OR p.order_id <> f.order_id OR p.currency <> f.currency OR f.amount < 1)`,
  },
  {
    code: "refunds.given",
    says: "No refund that could be given is left waiting",
    whenSettled: true,
    subject: refunds,
    broken: `SELECT id AS refundId, order_id AS orderId, amount, attempts, failure, next_try_at AS nextTryAt FROM refunds
             WHERE {page id} AND status = 'requested' AND next_try_at < {now}`,
  },
  {
    code: "refunds.failed",
    says: "Refunds that failed are looked into by staff",
    severity: "warning",
    subject: refunds,
    broken: `SELECT id AS refundId, order_id AS orderId, amount, failure FROM refunds WHERE {page id} AND status = 'failed'`,
  },
  {
    code: "payments.mismatched",
    says: "Payments of another amount than was asked for are looked into by staff",
    severity: "warning",
    subject: payments,
    broken: `SELECT id AS paymentId, order_id AS orderId, amount, currency, received_amount AS receivedAmount,
               received_currency AS receivedCurrency
             FROM payments WHERE {page id} AND status = 'mismatched'`,
  },
];
