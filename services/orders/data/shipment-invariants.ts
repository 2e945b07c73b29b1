import type { Invariant } from "../../../mixins/database/invariant.ts";
import { exhaustiveKeys, notListed } from "../../../mixins/database/invariant.ts";
import type { ShipmentStatus } from "../domain/shipment.ts";

const lines = { table: "order_lines", key: "id" } as const;
const statuses = exhaustiveKeys<ShipmentStatus>({
  packed: true,
  shipped: true,
  delivered: true,
  cancelled: true,
});

/** Σ of a line's goods `l` in shipments of these statuses. */
function inShipments(statuses: string): string {
  return `CAST(COALESCE((SELECT SUM(g.quantity) FROM shipment_lines g JOIN shipments s ON s.id = g.shipment_id
            WHERE s.order_id = l.order_id AND g.order_line_id = l.id AND s.status IN (${statuses})), 0) AS SIGNED)`;
}

/** Invariants of shipments and fulfilment counts. */
export const shipmentInvariants: readonly Invariant[] = [
  {
    code: "shipments.goods",
    says: "The packed, shipped and delivered quantities of a line equal those of its shipments",
    subject: lines,
    broken: `SELECT o.number, t.* FROM (
               SELECT l.order_id AS orderId, l.sku,
                 l.packed_quantity AS packed, ${inShipments("'packed'")} AS inPacked,
                 l.shipped_quantity AS shipped, ${inShipments("'shipped', 'delivered'")} AS inShipped,
                 l.delivered_quantity AS delivered, ${inShipments("'delivered'")} AS inDelivered
               FROM order_lines l WHERE {page l.id}
             ) t LEFT JOIN orders o ON o.id = t.orderId
             WHERE t.packed <> t.inPacked OR t.shipped <> t.inShipped OR t.delivered <> t.inDelivered`,
  },
  {
    code: "shipments.states",
    says: "Every shipment is of an existing order, has lines, and has the times of its status in chronological order",
    subject: { table: "shipments", key: "id" },
    broken: `SELECT s.id AS shipmentId, s.order_id AS orderId, s.status, s.packed_at AS packedAt, s.shipped_at AS shippedAt,
               s.delivered_at AS deliveredAt
             FROM shipments s LEFT JOIN orders o ON o.id = s.order_id
             WHERE {page s.id} AND (o.id IS NULL OR ${notListed("s.status", statuses)}
               OR (s.status IN ('shipped', 'delivered')) = (s.shipped_at IS NULL) OR (s.status = 'delivered') = (s.delivered_at IS NULL)
               OR s.packed_at + {graceMs} < o.placed_at OR s.shipped_at + {graceMs} < s.packed_at
               OR s.delivered_at + {graceMs} < s.shipped_at OR s.updated_at + {graceMs} < s.packed_at OR s.version < 1
               OR NOT EXISTS (SELECT g.quantity FROM shipment_lines g WHERE g.shipment_id = s.id))`,
  },
  {
    code: "shipments.lines",
    says: "Every shipped line has a positive quantity and belongs to the order of its shipment",
    subject: { table: "shipment_lines", key: "shipment_id" },
    broken: `SELECT g.shipment_id AS shipmentId, g.order_line_id AS lineId, g.quantity
             FROM shipment_lines g LEFT JOIN shipments s ON s.id = g.shipment_id LEFT JOIN order_lines l ON l.id = g.order_line_id
             WHERE {page g.shipment_id} AND (s.id IS NULL OR l.id IS NULL OR l.order_id <> s.order_id OR g.quantity < 1)`,
  },
  {
    code: "shipments.whereabouts",
    says: "Of a line, at most the bought quantity is shipped, packed or withdrawn, at most the shipped one is delivered, and at most the shipped one is returned after shipping",
    subject: lines,
    broken: `SELECT o.number, l.order_id AS orderId, l.sku, l.quantity, l.returned_quantity AS returned,
               l.withdrawn_quantity AS withdrawn, l.packed_quantity AS packed, l.shipped_quantity AS shipped,
               l.delivered_quantity AS delivered
             FROM order_lines l LEFT JOIN orders o ON o.id = l.order_id
             WHERE {page l.id} AND (l.withdrawn_quantity < 0 OR l.packed_quantity < 0 OR l.delivered_quantity < 0
               OR l.withdrawn_quantity > l.returned_quantity OR l.delivered_quantity > l.shipped_quantity
               OR l.withdrawn_quantity + l.packed_quantity + l.shipped_quantity > l.quantity
               OR l.returned_quantity - l.withdrawn_quantity > l.shipped_quantity)`,
  },
];
