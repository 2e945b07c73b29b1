import type { Invariant } from "../../../mixins/database/invariant.ts";
import { exhaustiveKeys, notListed } from "../../../mixins/database/invariant.ts";
import { outboxInvariants } from "../../../mixins/events/event-invariants.ts";
import { imageInvariants } from "../../../mixins/media/image-invariants.ts";
import { taskInvariants } from "../../../mixins/tasks/task-invariants.ts";
import type { ReservationStatus } from "../domain/reservation.ts";
import type { StockLevels } from "../domain/stock-account.ts";
import { movementKinds, netChange } from "../domain/stock-account.ts";
import { brandInvariants } from "./brand-invariants.ts";
import { collectionInvariants } from "./collection-invariants.ts";
import { catalogueInvariants } from "./catalogue-invariants.ts";
import { searchInvariants } from "./search/search-invariants.ts";

const accounts = { table: "stock", key: "variant_id" } as const;
/** Reservations have no index by variant, so each page scans all of them. */
const reservedAccounts = { ...accounts, rowsPerPage: 50_000 } as const;
const reservations = { table: "reservations", key: "order_id" } as const;

const reservationStatuses = exhaustiveKeys<ReservationStatus>({
  held: true,
  committed: true,
  sold: true,
  released: true,
  cancelled: true,
  returned: true,
});

/** Ledger total of one stock level, from the table of effects that writes use. */
function ledgerSum(level: keyof StockLevels): string {
  const cases = movementKinds.map(
    (kind) => `WHEN '${kind}' THEN ${netChange([{ kind, quantity: 1 }])[level]} * quantity`,
  );
  return `CAST(COALESCE(SUM(CASE kind ${cases.join(" ")} END), 0) AS SIGNED)`;
}

/** Reserved quantity per variant, joined to the accounts `a` of a page. */
const reservedByVariant = `LEFT JOIN (
    SELECT l.variant_id,
      CAST(SUM(CASE WHEN r.status IN ('held', 'committed') THEN l.quantity ELSE 0 END) AS SIGNED) AS held,
      CAST(SUM(CASE WHEN r.status IN ('sold', 'returned') THEN l.quantity ELSE 0 END) AS SIGNED) AS sold,
      CAST(SUM(CASE r.status WHEN 'sold' THEN l.returned WHEN 'returned' THEN l.quantity ELSE 0 END) AS SIGNED) AS returned
    FROM reservation_lines l JOIN reservations r ON r.order_id = l.order_id
    WHERE {page l.variant_id} GROUP BY l.variant_id
  ) m ON m.variant_id = a.variant_id`;

/** Invariants of this service's data. */
export const invariants: readonly Invariant[] = [
  ...catalogueInvariants,
  ...brandInvariants,
  ...collectionInvariants,
  ...searchInvariants,
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
    says: "No figure of a stock account is negative",
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
    says: "For every variant, the reserved stock equals the reservations of unpaid orders and checkouts",
    subject: reservedAccounts,
    broken: `SELECT v.sku, a.variant_id AS variantId, a.reserved, COALESCE(m.held, 0) AS held
             FROM stock a ${reservedByVariant} LEFT JOIN variants v ON v.id = a.variant_id
             WHERE {page a.variant_id} AND a.reserved <> COALESCE(m.held, 0)`,
  },
  {
    code: "stock.sold",
    says: "For every variant, sold and returned stock equal the reservations of paid orders",
    subject: reservedAccounts,
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
    code: "stock.of-products",
    says: "Every product's number of variants in stock, and its in-stock flag, are correct",
    subject: { table: "products", key: "id" },
    broken: `SELECT t.* FROM (
               SELECT p.slug, p.id AS productId, p.stocked_variants AS stockedVariants, p.in_stock AS inStock,
                 (SELECT COUNT(*) FROM variants v JOIN stock s ON s.variant_id = v.id WHERE v.product_id = p.id AND s.on_hand > 0) AS counted
               FROM products p WHERE {page p.id}
             ) t WHERE t.stockedVariants <> t.counted OR t.inStock <> CASE WHEN t.counted > 0 THEN 1 ELSE 0 END`,
  },
  {
    code: "stock.movements",
    says: "Every row of the ledger is of a known kind, of at least one, on an account that exists, and for an order that has a reservation",
    subject: accounts,
    broken: `SELECT m.id AS movementId, m.variant_id AS variantId, m.kind, m.quantity, m.order_id AS orderId
             FROM stock_movements m LEFT JOIN stock a ON a.variant_id = m.variant_id
               LEFT JOIN reservations r ON r.order_id = m.order_id
             WHERE {page m.variant_id} AND (a.variant_id IS NULL OR ${notListed("m.kind", movementKinds)}
               OR (m.quantity < 1 AND m.kind <> 'adjust') OR (m.order_id IS NOT NULL AND r.order_id IS NULL)
               OR (m.order_id IS NULL AND m.kind IN ('reserve', 'release', 'sell', 'return')))`,
  },
  {
    code: "stock.variants",
    says: "Every stock account belongs to an existing variant",
    subject: accounts,
    broken: `SELECT a.variant_id AS variantId, a.on_hand AS onHand, a.received FROM stock a LEFT JOIN variants v ON v.id = a.variant_id
             WHERE {page a.variant_id} AND v.id IS NULL`,
  },
  {
    code: "reservations.lines",
    says: "Every reservation has lines; each has a positive quantity, and at most that quantity was returned",
    subject: reservations,
    broken: `SELECT r.order_id AS orderId, r.status, l.variant_id AS variantId, l.quantity, l.returned
             FROM reservations r LEFT JOIN reservation_lines l ON l.order_id = r.order_id
             WHERE {page r.order_id}
               AND (l.order_id IS NULL OR ${notListed("r.status", reservationStatuses)}
                 OR r.updated_at + {graceMs} < r.created_at OR l.quantity < 1
                 OR l.returned < 0 OR l.returned > l.quantity OR l.unit_price < 0)`,
  },
  {
    code: "reservations.of-lines",
    says: "Every reservation line belongs to an existing reservation and variant",
    subject: { table: "reservation_lines", key: "order_id" },
    broken: `SELECT l.order_id AS orderId, l.variant_id AS variantId, l.quantity
             FROM reservation_lines l LEFT JOIN reservations r ON r.order_id = l.order_id
               LEFT JOIN variants v ON v.id = l.variant_id
             WHERE {page l.order_id} AND (r.order_id IS NULL OR v.id IS NULL)`,
  },
  {
    code: "reservations.lease-kept",
    says: "While the shop runs, no checkout holds stock long after its lease expired",
    subject: reservations,
    // Downtime does not count: an expired lease is late only if order events were consumed afterwards.
    broken: `SELECT order_id AS orderId, lease_until AS leaseUntil FROM reservations
             WHERE {page order_id} AND status = 'held'
               AND lease_until + {graceMs} < COALESCE((SELECT MAX(received_at) FROM inbox), 0)`,
  },
  {
    code: "reservations.no-lease-over",
    says: "No checkout holds stock after its lease expired",
    whenSettled: true,
    subject: reservations,
    broken: `SELECT order_id AS orderId, lease_until AS leaseUntil FROM reservations
             WHERE {page order_id} AND status = 'held' AND lease_until < {now}`,
  },
  ...outboxInvariants,
  ...taskInvariants,
  ...imageInvariants,
];
