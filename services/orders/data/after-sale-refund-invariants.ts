import type { Invariant } from "../../../mixins/database/invariant.ts";

/** Invariants of refunds of after-sales. */
export const afterSaleRefundInvariants: readonly Invariant[] = [
  {
    code: "refunds.of-after-sales",
    says: "Every settled after-sale has the refund and the return that it names, of its order and amount",
    subject: { table: "after_sale_refunds", key: "after_sale_id" },
    broken: `SELECT a.after_sale_id AS afterSaleId, a.order_id AS orderId, o.number, a.refund, f.amount, r.refund AS ofReturn
             FROM after_sale_refunds a LEFT JOIN orders o ON o.id = a.order_id
               LEFT JOIN refunds f ON f.id = a.refund_id LEFT JOIN returns r ON r.id = a.return_id
             WHERE {page a.after_sale_id} AND (o.id IS NULL OR (a.settled_at IS NULL) <> (a.refund IS NULL)
               OR (a.refund_id IS NOT NULL AND (f.id IS NULL OR f.order_id <> a.order_id OR f.amount <> a.refund
                 OR f.cause <> CASE WHEN a.return_id IS NULL THEN 'after-sale' ELSE 'return' END))
               OR (a.return_id IS NOT NULL AND (r.id IS NULL OR r.order_id <> a.order_id OR r.refund <> a.refund))
               OR (a.refund > 0 AND a.refund_id IS NULL))`,
  },
  {
    code: "refunds.after-sale-cause",
    says: "Every refund with the cause after-sale belongs to one that was settled",
    subject: { table: "refunds", key: "id" },
    broken: `SELECT f.id AS refundId, f.order_id AS orderId, f.amount FROM refunds f
             WHERE {page f.id} AND f.cause = 'after-sale'
               AND NOT EXISTS (SELECT a.after_sale_id FROM after_sale_refunds a WHERE a.refund_id = f.id)`,
  },
];
