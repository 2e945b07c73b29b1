import type { Invariant } from "../../../mixins/database/invariant.ts";
import { outboxInvariants } from "../../../mixins/events/event-invariants.ts";
import type { StockLevels } from "../domain/stock-account.ts";
import { movementKinds, netChange } from "../domain/stock-account.ts";

const accounts = { table: "stock", key: "variant_id" } as const;
const reservations = { table: "reservations", key: "order_id" } as const;

/** What the ledger's rows come to for one level, by the same table of effects by which they are written. */
function ledgerSum(level: keyof StockLevels): string {
  const cases = movementKinds.map((kind) => `WHEN '${kind}' THEN ${netChange([{ kind, quantity: 1 }])[level]} * quantity`);
  return `CAST(COALESCE(SUM(CASE kind ${cases.join(" ")} END), 0) AS SIGNED)`;
}

/** What the reservations come to by variant, for the accounts `a` of a page. */
const reservedByVariant = `LEFT JOIN (
    SELECT l.variant_id,
      CAST(SUM(CASE WHEN r.status IN ('held', 'committed') THEN l.quantity ELSE 0 END) AS SIGNED) AS held,
      CAST(SUM(CASE WHEN r.status IN ('sold', 'returned') THEN l.quantity ELSE 0 END) AS SIGNED) AS sold,
      CAST(SUM(CASE r.status WHEN 'sold' THEN l.returned WHEN 'returned' THEN l.quantity ELSE 0 END) AS SIGNED) AS returned
    FROM reservation_lines l JOIN reservations r ON r.order_id = l.order_id
    WHERE {page l.variant_id} GROUP BY l.variant_id
  ) m ON m.variant_id = a.variant_id`;

/** What always holds in this service's data. */
export const invariants: readonly Invariant[] = [
  {
    code: "stock.adds-up",
    says: "Of every variant, on hand + reserved + sold − returned = received",
    subject: accounts,
    broken: `SELECT v.sku, a.variant_id AS variantId, a.on_hand AS onHand, a.reserved, a.sold, a.returned, a.received
             FROM stock a LEFT JOIN variants v ON v.id = a.variant_id
             WHERE {page a.variant_id} AND a.on_hand + a.reserved + a.sold - a.returned <> a.received`,
  },
  {
    code: "stock.not-negative",
    says: "No number of a stock account is negative",
    subject: accounts,
    broken: `SELECT v.sku, a.variant_id AS variantId, a.on_hand AS onHand, a.reserved, a.sold, a.returned, a.received
             FROM stock a LEFT JOIN variants v ON v.id = a.variant_id
             WHERE {page a.variant_id}
               AND (a.on_hand < 0 OR a.reserved < 0 OR a.sold < 0 OR a.returned < 0 OR a.received < 0)`,
  },
  {
    code: "stock.ledger",
    says: "Every stock account is the sum of its ledger",
    subject: accounts,
    broken: `SELECT v.sku, t.* FROM (
               SELECT a.variant_id AS variantId, a.on_hand AS onHand, COALESCE(m.onHand, 0) AS ledgerOnHand,
                 a.reserved, COALESCE(m.reserved, 0) AS ledgerReserved, a.sold, COALESCE(m.sold, 0) AS ledgerSold,
                 a.returned, COALESCE(m.returned, 0) AS ledgerReturned,
                 a.received, COALESCE(m.received, 0) AS ledgerReceived
               FROM stock a LEFT JOIN (
                 SELECT variant_id, ${ledgerSum("onHand")} AS onHand, ${ledgerSum("reserved")} AS reserved,
                   ${ledgerSum("sold")} AS sold, ${ledgerSum("returned")} AS returned, ${ledgerSum("received")} AS received
                 FROM stock_movements WHERE {page variant_id} GROUP BY variant_id
               ) m ON m.variant_id = a.variant_id
               WHERE {page a.variant_id}
             ) t LEFT JOIN variants v ON v.id = t.variantId
             WHERE t.onHand <> t.ledgerOnHand OR t.reserved <> t.ledgerReserved OR t.sold <> t.ledgerSold
               OR t.returned <> t.ledgerReturned OR t.received <> t.ledgerReceived`,
  },
  {
    code: "stock.reserved",
    says: "Of every variant, what is reserved is what the reservations of unpaid orders and of checkouts hold",
    subject: accounts,
    broken: `SELECT v.sku, a.variant_id AS variantId, a.reserved, COALESCE(m.held, 0) AS held
             FROM stock a ${reservedByVariant} LEFT JOIN variants v ON v.id = a.variant_id
             WHERE {page a.variant_id} AND a.reserved <> COALESCE(m.held, 0)`,
  },
  {
    code: "stock.sold",
    says: "Of every variant, what was sold and what was returned is what the reservations of paid orders say",
    subject: accounts,
    broken: `SELECT v.sku, a.variant_id AS variantId, a.sold, COALESCE(m.sold, 0) AS soldToOrders,
               a.returned, COALESCE(m.returned, 0) AS returnedByOrders
             FROM stock a ${reservedByVariant} LEFT JOIN variants v ON v.id = a.variant_id
             WHERE {page a.variant_id} AND (a.sold <> COALESCE(m.sold, 0) OR a.returned <> COALESCE(m.returned, 0))`,
  },
  {
    code: "stock.every-variant",
    says: "Every variant has a stock account",
    subject: { table: "variants", key: "id" },
    broken: `SELECT v.sku, v.id AS variantId FROM variants v LEFT JOIN stock a ON a.variant_id = v.id
             WHERE {page v.id} AND a.variant_id IS NULL`,
  },
  {
    code: "reservations.lines",
    says: "Every reservation has lines; each holds at least one, and no more came back of it than it holds",
    subject: reservations,
    broken: `SELECT r.order_id AS orderId, r.status, l.variant_id AS variantId, l.quantity, l.returned
             FROM reservations r LEFT JOIN reservation_lines l ON l.order_id = r.order_id
             WHERE {page r.order_id}
               AND (l.order_id IS NULL OR l.quantity < 1 OR l.returned < 0 OR l.returned > l.quantity OR l.unit_price < 0)`,
  },
  {
    code: "reservations.lease-kept",
    says: "No stock is held for a checkout long after its lease ran out, while the shop goes on",
    subject: reservations,
    // The shop may have been down, then it is not late: news of orders that it took in later show that it was not.
    broken: `SELECT order_id AS orderId, lease_until AS leaseUntil FROM reservations
             WHERE {page order_id} AND status = 'held'
               AND lease_until + {patience} < COALESCE((SELECT MAX(received_at) FROM inbox), 0)`,
  },
  {
    code: "reservations.no-lease-over",
    says: "No stock is held for a checkout whose lease is over",
    whenSettled: true,
    subject: reservations,
    broken: `SELECT order_id AS orderId, lease_until AS leaseUntil FROM reservations
             WHERE {page order_id} AND status = 'held' AND lease_until < {now}`,
  },
  ...outboxInvariants,
];
