import type { Invariant } from "../../../mixins/database/invariant.ts";
import { exhaustiveKeys, notListed } from "../../../mixins/database/invariant.ts";
import { paymentProviders } from "../payments/providers/index.ts";
import type { NoticeOutcome } from "./payment-notice-repository.ts";
import type { Payment } from "./payment-repository.ts";
import type { Refund } from "./refund-repository.ts";
import { refundCauses } from "./refund-repository.ts";

const orders = { table: "orders", key: "id" } as const;
const payments = { table: "payments", key: "id" } as const;
const refunds = { table: "refunds", key: "id" } as const;
const providerNames = paymentProviders.map(({ name }) => name);
const paymentStatuses = exhaustiveKeys<Payment["status"]>({
  pending: true,
  succeeded: true,
  failed: true,
  mismatched: true,
});
const noticeOutcomes = exhaustiveKeys<NoticeOutcome>({
  applied: true,
  ignored: true,
  unknown: true,
  mismatched: true,
});
const refundStatuses = exhaustiveKeys<Refund["status"]>({ requested: true, succeeded: true, failed: true });

/** Money received and kept for its order `o`; late payments are being refunded. */
const keptPayments = `FROM payments p WHERE p.order_id = o.id AND p.status = 'succeeded'
  AND NOT EXISTS (SELECT f.id FROM refunds f WHERE f.payment_id = p.id AND f.cause = 'late-payment')`;

/** Invariants of payments and refunds. */
export const paymentInvariants: readonly Invariant[] = [
  {
    code: "payments.paid-once",
    says: "A paid order has exactly one valid payment of its total; an unpaid order has none",
    subject: orders,
    broken: `SELECT t.* FROM (
               SELECT o.number, o.id AS orderId, o.status, o.total,
                 (SELECT COUNT(*) ${keptPayments}) AS payments,
                 CAST(COALESCE((SELECT SUM(p.amount) ${keptPayments}), 0) AS SIGNED) AS paid,
                 (SELECT COUNT(*) FROM timeline e WHERE e.order_id = o.id AND e.event = 'paid') AS timesPaid
               FROM orders o WHERE {page o.id}
             ) t WHERE t.payments <> t.timesPaid OR t.payments > 1 OR t.paid <> t.payments * t.total
               OR (t.status NOT IN ('placed', 'expired', 'cancelled') AND t.payments <> 1)
               OR (t.status IN ('placed', 'expired') AND t.payments <> 0)`,
  },
  {
    code: "payments.of-orders",
    says: "Every payment is for an existing order, of its total and in its currency",
    subject: payments,
    broken: `SELECT p.id AS paymentId, p.order_id AS orderId, o.number, p.amount, p.currency
             FROM payments p LEFT JOIN orders o ON o.id = p.order_id
             WHERE {page p.id} AND (o.id IS NULL OR o.currency <> p.currency OR p.amount <> o.total)`,
  },
  {
    code: "payments.states",
    says: "Every payment has a known provider and status; it has a time of receipt exactly when money was received",
    subject: payments,
    broken: `SELECT p.id AS paymentId, p.order_id AS orderId, p.provider, p.status, p.amount, p.started_at AS startedAt,
               p.paid_at AS paidAt, p.received_amount AS receivedAmount, o.placed_at AS placedAt
             FROM payments p LEFT JOIN orders o ON o.id = p.order_id
             WHERE {page p.id} AND (${notListed("p.status", paymentStatuses)}
               OR ${notListed("p.provider", providerNames)} OR p.amount < 0
               OR (p.status IN ('succeeded', 'mismatched')) = (p.paid_at IS NULL)
               OR (p.status = 'mismatched') = (p.received_amount IS NULL) OR (p.received_amount IS NULL) <> (p.received_currency IS NULL)
               OR p.paid_at + {graceMs} < p.started_at OR p.started_at + {graceMs} < o.placed_at)`,
  },
  {
    code: "payments.references",
    says: "No two payments share a provider's id",
    subject: payments,
    broken: `SELECT p.id AS paymentId, q.id AS otherPaymentId, p.provider, p.reference
             FROM payments p JOIN payments q ON q.provider = p.provider AND q.reference = p.reference AND q.id > p.id
             WHERE {page p.id} AND p.provider <> 'manual'`,
  },
  {
    code: "payments.notices",
    says: "Every provider notification has a known outcome",
    subject: { table: "payment_notices", key: "event_id" },
    // Not paged: keys start with the providers' ids.
    broken: (database) =>
      database.select(`SELECT provider, event_id AS eventId, type, outcome FROM payment_notices
        WHERE ${notListed("outcome", noticeOutcomes)}
          OR ${notListed("provider", providerNames)} OR type = ''`),
  },
  {
    code: "payments.late-go-back",
    says: "Every late payment is refunded once, and in full",
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
    says: "The refunded amount of a payment equals the sum of its refunds, and is at most what was received",
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
    says: "The refunded amount of an order equals the sum of its refunds: at most what was paid, and all of it when it was cancelled",
    subject: orders,
    broken: `SELECT t.* FROM (
               SELECT o.number, o.id AS orderId, o.status, o.refunded,
                 CAST(COALESCE((SELECT SUM(p.amount) ${keptPayments}), 0) AS SIGNED) AS paid,
                 CAST(COALESCE((SELECT SUM(f.amount) FROM refunds f
                   WHERE f.order_id = o.id AND f.cause <> 'late-payment'), 0) AS SIGNED) AS ofRefunds
               FROM orders o WHERE {page o.id}
             ) t WHERE t.refunded <> t.ofRefunds OR t.refunded > t.paid OR t.refunded < 0
               OR (t.status IN ('cancelled', 'refunded') AND t.refunded <> t.paid)`,
  },
  {
    code: "refunds.of-returns",
    says: "Every return's refund exists, and no other refund has the cause return",
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
    says: "Every refund is of a payment of its order, in its currency, and positive",
    subject: refunds,
    broken: `SELECT f.id AS refundId, f.order_id AS orderId, f.payment_id AS paymentId, f.amount, f.currency
             FROM refunds f LEFT JOIN payments p ON p.id = f.payment_id
             WHERE {page f.id} AND (p.id IS NULL OR p.order_id <> f.order_id OR p.currency <> f.currency OR f.amount < 1)`,
  },
  {
    code: "refunds.states",
    says: "Every refund has a known cause and status, an end exactly when it is not pending, and is due after its payment was received",
    subject: refunds,
    broken: `SELECT f.id AS refundId, f.order_id AS orderId, f.cause, f.status, f.attempts, f.requested_at AS requestedAt,
               f.settled_at AS settledAt, p.paid_at AS paidAt
             FROM refunds f LEFT JOIN payments p ON p.id = f.payment_id
             WHERE {page f.id} AND (${notListed("f.status", refundStatuses)} OR ${notListed("f.cause", refundCauses)}
               OR (f.status = 'requested') = (f.settled_at IS NOT NULL) OR f.attempts < 0 OR f.round < 0 OR f.refused NOT IN (0, 1)
               OR f.settled_at + {graceMs} < f.requested_at OR f.requested_at + {graceMs} < p.paid_at)`,
  },
  {
    code: "refunds.given",
    says: "No payable refund is pending",
    whenSettled: true,
    subject: refunds,
    broken: `SELECT id AS refundId, order_id AS orderId, amount, attempts, failure, next_try_at AS nextTryAt FROM refunds
             WHERE {page id} AND status = 'requested' AND next_try_at < {now}`,
  },
  {
    code: "payments.queried",
    says: "No query for an open payment is overdue by a minute",
    whenSettled: true,
    subject: payments,
    broken: `SELECT id AS paymentId, order_id AS orderId, provider, status, queries, query_at AS queryAt FROM payments
             WHERE {page id} AND query_at + 60000 < {now}`,
  },
  {
    code: "refunds.failed",
    says: "Failed refunds are handled by staff",
    severity: "warning",
    subject: refunds,
    broken: `SELECT id AS refundId, order_id AS orderId, amount, failure FROM refunds WHERE {page id} AND status = 'failed'`,
  },
  {
    code: "payments.mismatched",
    says: "Payments of a wrong amount are handled by staff",
    severity: "warning",
    subject: payments,
    broken: `SELECT id AS paymentId, order_id AS orderId, amount, currency, received_amount AS receivedAmount,
               received_currency AS receivedCurrency
             FROM payments WHERE {page id} AND status = 'mismatched'`,
  },
];
