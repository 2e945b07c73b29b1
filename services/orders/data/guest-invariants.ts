import type { Invariant } from "../../../mixins/database/invariant.ts";

/** Invariants of customers without an account. */
export const guestInvariants: readonly Invariant[] = [
  {
    code: "orders.guests",
    says: "Every order with a guest's address belongs to a known guest, and a guest whom an account has claimed has no orders left",
    subject: { table: "orders", key: "id" },
    broken: `SELECT o.number, o.id AS orderId, o.customer_id AS customerId, g.claimed_by AS claimedBy
             FROM orders o LEFT JOIN guests g ON g.guest_id = o.customer_id
             WHERE {page o.id} AND (g.claimed_by IS NOT NULL OR (o.contact_email IS NOT NULL AND g.guest_id IS NULL)
               OR (o.contact_email IS NULL AND COALESCE(o.contact_phone, o.contact_locale) IS NOT NULL))`,
  },
  {
    code: "orders.claimed-guests",
    says: "Every guest was claimed by an account at a time, or not at all",
    subject: { table: "guests", key: "guest_id" },
    broken: `SELECT g.guest_id AS guestId, g.claimed_by AS claimedBy, g.claimed_at AS claimedAt FROM guests g
             WHERE {page g.guest_id} AND (g.claimed_by IS NULL) <> (g.claimed_at IS NULL)`,
  },
];
