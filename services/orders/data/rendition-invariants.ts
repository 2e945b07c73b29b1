import type { Invariant } from "../../../mixins/database/invariant.ts";

/** Invariants of rendered invoices. */
export const renditionInvariants: readonly Invariant[] = [
  {
    code: "invoices.of-orders",
    says: "Every rendered invoice belongs to a paid order",
    subject: { table: "invoice_renditions", key: "order_id" },
    broken: `SELECT r.order_id AS orderId, o.number FROM invoice_renditions r LEFT JOIN orders o ON o.id = r.order_id
             WHERE {page r.order_id} AND NOT EXISTS (
               SELECT t.id FROM timeline t WHERE t.order_id = o.id AND t.event = 'paid'
             )`,
  },
];
