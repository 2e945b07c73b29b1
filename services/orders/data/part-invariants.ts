import type { Invariant } from "../../../mixins/database/invariant.ts";
import { notListed } from "../../../mixins/database/invariant.ts";
import { orderStatuses } from "../contract/orders.ts";

const orders = { table: "orders", key: "id" } as const;
const parts = { table: "order_parts", key: "id" } as const;

/** Orders `o` that an earlier version has changed are completed by a job. */
const isComplete = "NOT EXISTS (SELECT e.id FROM timeline e WHERE e.order_id = o.id AND e.parts_due = 1)";

function ofParts(column: string): string {
  return `CAST(SUM(p.${column}) AS SIGNED) AS ${column}_of_parts`;
}

function ofLines(amount: string): string {
  return `CAST(COALESCE((SELECT SUM(${amount}) FROM order_lines l
            WHERE l.order_id = p.order_id AND COALESCE(l.part_id, l.order_id) = p.id), 0) AS SIGNED)`;
}

/** Invariants of the parts of orders. */
export const partInvariants: readonly Invariant[] = [
  {
    code: "parts.lines",
    says: "Every line of a paid order belongs to a part of that order, of the line's merchant",
    subject: { table: "order_lines", key: "id" },
    broken: `SELECT o.number, o.id AS orderId, l.sku, l.part_id AS partId, l.merchant_id AS merchantId, p.merchant_id AS ofPart
             FROM order_lines l JOIN orders o ON o.id = l.order_id
               LEFT JOIN order_parts p ON p.id = COALESCE(l.part_id, l.order_id)
             WHERE {page l.id} AND o.status NOT IN ('placed', 'expired', 'cancelled')
               AND (p.id IS NULL OR p.order_id <> l.order_id OR COALESCE(p.merchant_id, '') <> COALESCE(l.merchant_id, ''))
               AND ${isComplete}`,
  },
  {
    code: "parts.merchants",
    says: "An order has at most one part of each merchant, and the shipping that its lines tell is the order's",
    subject: orders,
    broken: `SELECT t.* FROM (
               SELECT o.number, o.id AS orderId, o.shipping,
                 COUNT(DISTINCT COALESCE(l.part_id, '')) AS parts, COUNT(DISTINCT COALESCE(l.merchant_id, '')) AS merchants,
                 CAST(SUM(l.shipping) AS SIGNED) AS ofLines, COUNT(l.part_id) AS told
               FROM orders o JOIN order_lines l ON l.order_id = o.id WHERE {page o.id} GROUP BY o.id, o.number, o.shipping
             ) t WHERE t.parts <> t.merchants OR (t.told > 0 AND t.ofLines <> t.shipping)`,
  },
  {
    code: "parts.amounts",
    says: "The amounts of a part are those of its lines and its shipping; none is negative, and it refunds at most its total",
    subject: parts,
    broken: `SELECT t.* FROM (
               SELECT o.number, p.id AS partId, p.subtotal, ${ofLines("l.quantity * l.unit_price")} AS goods,
                 p.discount, ${ofLines("l.discount")} AS discounts, p.shipping, p.tax, p.total, p.refunded
               FROM order_parts p LEFT JOIN orders o ON o.id = p.order_id WHERE {page p.id}
             ) t WHERE t.number IS NULL OR t.subtotal <> t.goods OR t.discount <> t.discounts
               OR t.subtotal - t.discount + t.shipping <> t.total OR t.shipping < 0 OR t.discount < 0 OR t.tax < 0
               OR t.tax > t.total OR t.refunded < 0 OR t.refunded > t.total`,
  },
  {
    code: "parts.sum",
    says: "In every amount, the parts of a paid order add up to it",
    subject: orders,
    broken: `SELECT t.* FROM (
               SELECT o.number, o.id AS orderId, o.subtotal, ${ofParts("subtotal")}, o.discount, ${ofParts("discount")},
                 o.shipping, ${ofParts("shipping")}, o.tax, ${ofParts("tax")}, o.total, ${ofParts("total")},
                 o.refunded, ${ofParts("refunded")}
               FROM orders o JOIN order_parts p ON p.order_id = o.id WHERE {page o.id} AND ${isComplete}
               GROUP BY o.id, o.number, o.subtotal, o.discount, o.shipping, o.tax, o.total, o.refunded
             ) t WHERE t.subtotal <> t.subtotal_of_parts OR t.discount <> t.discount_of_parts
               OR t.shipping <> t.shipping_of_parts OR t.tax <> t.tax_of_parts OR t.total <> t.total_of_parts
               OR t.refunded <> t.refunded_of_parts`,
  },
  {
    code: "parts.status",
    says: "Every part has a known status and its order's time; the only part of an order has the order's status",
    subject: parts,
    broken: `SELECT o.number, p.id AS partId, p.status, o.status AS ofOrder, p.placed_at AS placedAt,
               p.receivable_since AS receivableSince, p.received_at AS receivedAt
             FROM order_parts p JOIN orders o ON o.id = p.order_id
             WHERE {page p.id} AND (${notListed("p.status", orderStatuses)} OR p.status IN ('placed', 'expired')
               OR p.placed_at <> o.placed_at
               OR (p.status <> o.status AND NOT EXISTS (SELECT q.id FROM order_parts q WHERE q.order_id = o.id AND q.id <> p.id))
               OR (p.receivable_since IS NOT NULL AND (p.received_at IS NOT NULL OR p.status NOT IN ('shipped', 'delivered')))
             ) AND ${isComplete}`,
  },
  {
    code: "parts.refunds",
    says: "The refunded amount of a part equals the sum of its shares of refunds",
    subject: parts,
    broken: `SELECT t.* FROM (
               SELECT o.number, o.id AS orderId, p.id AS partId, p.refunded,
                 CAST(COALESCE((SELECT SUM(s.amount) FROM refund_parts s WHERE s.part_id = p.id), 0) AS SIGNED) AS shares
               FROM order_parts p JOIN orders o ON o.id = p.order_id WHERE {page p.id} AND ${isComplete}
             ) t WHERE t.refunded <> t.shares`,
  },
  {
    code: "refunds.parts",
    says: "Every refund is shared by parts of its order to the penny; that of a late payment belongs to none",
    subject: { table: "refunds", key: "id" },
    broken: `SELECT t.* FROM (
               SELECT f.id AS refundId, f.order_id AS orderId, f.cause, f.amount,
                 CAST(COALESCE((SELECT SUM(s.amount) FROM refund_parts s JOIN order_parts p ON p.id = s.part_id
                   WHERE s.refund_id = f.id AND p.order_id = f.order_id), 0) AS SIGNED) AS shares,
                 (SELECT COUNT(*) FROM refund_parts s WHERE s.refund_id = f.id AND s.amount < 1) AS empty
               FROM refunds f JOIN orders o ON o.id = f.order_id WHERE {page f.id} AND ${isComplete}
             ) t WHERE t.empty > 0 OR t.shares <> CASE WHEN t.cause = 'late-payment' THEN 0 ELSE t.amount END`,
  },
  {
    code: "parts.completed",
    says: "No order awaits the completion of its parts",
    whenSettled: true,
    subject: { table: "timeline", key: "order_id" },
    broken: `SELECT e.order_id AS orderId, e.event FROM timeline e WHERE {page e.order_id} AND e.parts_due <> 0`,
  },
];
