import type { Invariant } from "../../../mixins/database/invariant.ts";

const orders = { table: "orders", key: "id" } as const;

/** Invariants of receipts. */
export const receiptInvariants: readonly Invariant[] = [
  {
    code: "receipts.parts",
    says: "An order is received exactly when each of its parts is, or was returned or refunded",
    subject: orders,
    broken: `SELECT t.* FROM (
               SELECT o.number, o.id AS orderId, o.received_at AS receivedAt, MAX(p.received_at) AS lastOfParts,
                 COUNT(p.received_at) AS received,
                 CAST(SUM(p.received_at IS NULL AND p.status NOT IN ('returned', 'refunded', 'cancelled')) AS SIGNED) AS awaited
               FROM orders o JOIN order_parts p ON p.order_id = o.id
               WHERE {page o.id} AND NOT EXISTS (SELECT e.id FROM timeline e WHERE e.order_id = o.id AND e.parts_due = 1)
               GROUP BY o.id, o.number, o.received_at
             ) t WHERE (t.receivedAt IS NULL AND t.received > 0 AND t.awaited = 0)
               OR (t.receivedAt IS NOT NULL AND (t.awaited > 0 OR t.lastOfParts IS NULL OR t.lastOfParts <> t.receivedAt))`,
  },
  {
    code: "receipts.holds",
    says: "The open after-sales of an order are its holds that were not released",
    subject: orders,
    broken: `SELECT t.* FROM (
               SELECT o.number, o.id AS orderId, o.after_sales AS afterSales,
                 (SELECT COUNT(*) FROM receipt_holds h WHERE h.order_id = o.id AND h.released_at IS NULL) AS holds
               FROM orders o WHERE {page o.id}
             ) t WHERE t.afterSales <> t.holds`,
  },
  {
    code: "receipts.to-review",
    says: "The lines of an order that await a review are its received ones without one, where the shop has reviews",
    subject: orders,
    broken: `SELECT t.* FROM (
               SELECT o.number, o.id AS orderId, o.to_review AS toReview,
                 (SELECT COUNT(*) FROM order_lines l JOIN order_parts p ON p.id = COALESCE(l.part_id, l.order_id)
                  WHERE l.order_id = o.id AND p.received_at IS NOT NULL AND l.reviewed = 0
                    AND l.returned_quantity < l.quantity) AS unreviewed
               FROM orders o WHERE {page o.id}
             ) t WHERE t.toReview <> 0 AND t.toReview <> t.unreviewed`,
  },
];
