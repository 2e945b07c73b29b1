import type { Database } from "../../../mixins/database/database.ts";
import type { ViolatingRow, Invariant, Scope } from "../../../mixins/database/invariant.ts";
import { exhaustiveKeys, notListed, scopeCondition } from "../../../mixins/database/invariant.ts";
import { responseDigest } from "../domain/response-digest.ts";
import type { Checkout } from "../domain/checkout.ts";

const checkouts = { table: "checkouts", key: "order_id" } as const;
const keys = { table: "idempotency_keys", key: "id" } as const;
const orders = { table: "orders", key: "id" } as const;
const states = exhaustiveKeys<Checkout["state"]>({ open: true, placed: true, abandoned: true });

/** Invariants of checkouts and of their orders. */
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
    says: "A checkout is placed exactly when its order exists, with the stored response, for the same customer or the account that claimed the guest",
    subject: checkouts,
    broken: `SELECT o.number, c.order_id AS orderId, c.state, c.customer_id AS customerId,
               o.customer_id AS orderOf, c.response IS NOT NULL AS answered
             FROM checkouts c LEFT JOIN orders o ON o.id = c.order_id
             WHERE {page c.order_id} AND ((c.state = 'placed') = (o.id IS NULL)
               OR (c.state = 'placed') = (c.response IS NULL) OR (o.customer_id <> c.customer_id AND NOT EXISTS
                 (SELECT g.guest_id FROM guests g WHERE g.guest_id = c.customer_id AND g.claimed_by = o.customer_id)))`,
  },
  {
    code: "checkouts.states",
    says: "Every checkout is open, placed or abandoned, under a key and for a request",
    subject: checkouts,
    broken: `SELECT c.order_id AS orderId, c.state, c.idempotency_key AS idempotencyKey FROM checkouts c
             WHERE {page c.order_id} AND (${notListed("c.state", states)} OR c.idempotency_key = ''
               OR c.fingerprint = '' OR (c.customer_id <> '-' AND LENGTH(c.fingerprint) <> 64)
               OR (c.claim_until <> 0 AND c.claim_until + {graceMs} < c.claimed_at))`,
  },
  {
    code: "checkouts.carts",
    says: "Every ordered state of a cart became an existing order",
    subject: { table: "ordered_carts", key: "cart_id" },
    broken: `SELECT c.cart_id AS cartId, c.cart_version AS version, c.order_id AS orderId
             FROM ordered_carts c LEFT JOIN orders o ON o.id = c.order_id
             WHERE {page c.cart_id} AND (o.id IS NULL OR o.cart_id <> c.cart_id)`,
  },
  {
    code: "checkouts.answers",
    says: "The stored response of every placed checkout is unaltered, for the same request",
    subject: checkouts,
    broken: {
      inPage: (database, scope) =>
        altered(database, scope, { table: "checkouts", id: "order_id", named: "orderId" }),
    },
  },
  {
    code: "keys.answers",
    says: "The stored response of every other idempotency key is unaltered, for the same request",
    subject: keys,
    broken: {
      inPage: (database, scope) =>
        altered(database, scope, { table: "idempotency_keys", id: "id", named: "keyId" }),
    },
  },
  {
    code: "keys.states",
    says: "Every idempotency key belongs to a request, and has a response unless its work is in progress",
    subject: keys,
    broken: `SELECT k.id AS keyId, k.scope, k.claim_until AS claimUntil FROM idempotency_keys k
             WHERE {page k.id} AND (k.scope = '' OR k.idempotency_key = '' OR LENGTH(k.fingerprint) <> 64
               OR (k.claim_until IS NULL) <> (k.subject_id IS NULL) OR (k.response IS NULL AND k.claim_until IS NULL)
               OR (k.response IS NULL AND k.response_digest IS NOT NULL)
               OR (k.claim_until IS NOT NULL AND k.claim_until + {graceMs} < k.created_at))`,
  },
  {
    code: "keys.remembered",
    says: "Every manual payment, refund by staff, return and shipment has its idempotency key for as long as keys are kept",
    subject: { table: "returns", key: "id" },
    // The key's time equals the time of the record it created. After-sales are remembered for ever instead.
    broken: `SELECT t.* FROM (
               SELECT 'payments' AS kind, id, order_id AS orderId, started_at AS madeAt FROM payments
                 WHERE {page id} AND started_at > {keysRetainedSince} AND provider = 'manual'
               UNION ALL SELECT 'returns', id, order_id, returned_at FROM returns WHERE {page id} AND returned_at > {keysRetainedSince}
               UNION ALL SELECT 'refunds', id, order_id, requested_at FROM refunds
                 WHERE {page id} AND requested_at > {keysRetainedSince} AND cause = 'staff'
               UNION ALL SELECT 'shipments', id, order_id, packed_at FROM shipments WHERE {page id} AND packed_at > {keysRetainedSince}
             ) t WHERE NOT EXISTS (SELECT k.id FROM idempotency_keys k
               WHERE k.created_at = t.madeAt AND k.scope LIKE CONCAT(t.kind, '.%'))
               AND (t.kind <> 'returns' OR NOT EXISTS (SELECT a.after_sale_id FROM after_sale_refunds a WHERE a.return_id = t.id))`,
  },
  {
    code: "checkouts.remembered",
    says: "Every order has its idempotency key for as long as keys are kept",
    subject: orders,
    broken: `SELECT o.number, o.id AS orderId, o.placed_at AS placedAt
             FROM orders o LEFT JOIN checkouts c ON c.order_id = o.id
             WHERE {page o.id} AND o.placed_at > {keysRetainedSince} AND c.order_id IS NULL`,
  },
  {
    code: "orders.cart-ordered-once",
    says: "Every order was placed from one state of a cart, and no state of a cart became two orders",
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

interface Kept {
  readonly table: string;
  readonly id: string;
  /** Its name in the report. */
  readonly named: string;
}

/**
 * Finds stored responses that differ from their digest, without showing them. Rows older than digests are
 * skipped.
 */
async function altered(
  database: Database,
  scope: Scope,
  { table, id, named }: Kept,
): Promise<ViolatingRow[]> {
  const { sql, values } = scopeCondition(id, scope);
  const answers = await database.select<{
    id: string;
    fingerprint: string;
    response: string;
    digest: string;
  }>(
    `SELECT ${id} AS id, fingerprint, response, response_digest AS digest FROM ${table}
     WHERE response IS NOT NULL AND response_digest IS NOT NULL AND ${sql}`,
    values,
  );
  return answers
    .filter((answer) => responseDigest(answer) !== answer.digest)
    .map((answer) => ({ [named]: answer.id }));
}
