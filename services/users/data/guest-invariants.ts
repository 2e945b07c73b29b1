import type { Invariant } from "../../../mixins/database/invariant.ts";
import { hasNoUser, noHash } from "./conditions.ts";

/** SQL condition: `column` refers to no guest, or to one who was claimed or deleted. */
const hasNoGuest = (column: string) =>
  `NOT EXISTS (SELECT g.id FROM guests g WHERE g.id = ${column} AND g.email IS NOT NULL)`;

export const guestInvariants: readonly Invariant[] = [
  {
    code: "guests.addresses",
    says: "Every guest has an address in its normal form, until an existing account claims its orders or it is deleted",
    subject: { table: "guests", key: "id" },
    // Binary comparison, since MySQL and MariaDB compare case-insensitively.
    broken: `SELECT g.id AS guestId, g.email, g.claimed_by AS claimedBy, g.deleted_at AS deletedAt FROM guests g
             WHERE {page g.id} AND ((g.email IS NULL) <> (g.claimed_by IS NOT NULL OR g.deleted_at IS NOT NULL)
               OR HEX(g.email) <> HEX(LOWER(g.email)) OR g.email NOT LIKE '_%@_%'
               OR (g.claimed_by IS NULL) <> (g.claimed_at IS NULL) OR (g.claimed_by IS NOT NULL AND ${hasNoUser("g.claimed_by")})
               OR g.last_order_at + {graceMs} < g.created_at)`,
  },
  {
    code: "guests.orders",
    says: "How to reach someone about a guest's order is kept for guests who are neither claimed nor deleted only",
    subject: { table: "guest_orders", key: "order_id" },
    broken: `SELECT o.order_id AS orderId, o.guest_id AS guestId, o.number FROM guest_orders o
             WHERE {page o.order_id} AND (o.number = '' OR ${hasNoGuest("o.guest_id")})`,
  },
  {
    code: "guests.tokens",
    says: "Every token of an order is stored as a hash, and opens an order of a guest who is neither claimed nor deleted",
    subject: { table: "order_tokens", key: "token_hash" },
    broken: `SELECT t.token_hash AS tokenHash, t.order_id AS orderId, t.guest_id AS guestId FROM order_tokens t
             WHERE {page t.token_hash} AND (${noHash("t.token_hash")} OR ${hasNoGuest("t.guest_id")}
               OR NOT EXISTS (SELECT o.order_id FROM guest_orders o WHERE o.order_id = t.order_id AND o.guest_id = t.guest_id))`,
  },
];
