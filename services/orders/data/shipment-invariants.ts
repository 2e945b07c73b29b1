import type { Invariant } from "../../../mixins/database/invariant.ts";

const lines = { table: "order_lines", key: "id" } as const;

/** Σ of a line's goods `l` in shipments of these statuses. */
function inShipments(statuses: string): string {
  return `CAST(COALESCE((SELECT SUM(g.quantity) FROM shipment_lines g JOIN shipments s ON s.id = g.shipment_id
            WHERE s.order_id = l.order_id AND g.order_line_id = l.id AND s.status IN (${statuses})), 0) AS SIGNED)`;
}

/** What always holds of parcels and of where goods are. */
export const shipmentInvariants: readonly Invariant[] = [
  {
    code: "shipments.goods",
    says: "What is packed, shipped and delivered of a line is what its shipments say",
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
    code: "shipments.whereabouts",
    says: "No more of a line is sent, packed or withdrawn than was bought, no more arrives than was sent, no more comes back of what was sent",
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
