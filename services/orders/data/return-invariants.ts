import type { Invariant } from "../../../mixins/database/invariant.ts";
import { exhaustiveKeys, notListed } from "../../../mixins/database/invariant.ts";
import type { GoodsReturn } from "./return-repository.ts";
const dispositions = exhaustiveKeys<GoodsReturn["disposition"]>({ restocked: true, discarded: true });

/** Invariants of returns. */
export const returnInvariants: readonly Invariant[] = [
  {
    code: "returns.states",
    says: "Every return is of an existing order placed before it, in its currency, and has lines",
    subject: { table: "returns", key: "id" },
    broken: `SELECT r.id AS returnId, r.order_id AS orderId, r.refund, r.currency, r.disposition, r.returned_at AS returnedAt
             FROM returns r LEFT JOIN orders o ON o.id = r.order_id
             WHERE {page r.id} AND (o.id IS NULL OR r.currency <> o.currency OR r.refund < 0
               OR ${notListed("r.disposition", dispositions)} OR r.returned_at + {graceMs} < o.placed_at
               OR NOT EXISTS (SELECT g.quantity FROM return_lines g WHERE g.return_id = r.id))`,
  },
  {
    code: "returns.lines",
    says: "Every returned line has a positive quantity and belongs to the order of its return",
    subject: { table: "return_lines", key: "return_id" },
    broken: `SELECT g.return_id AS returnId, g.order_line_id AS lineId, g.quantity
             FROM return_lines g LEFT JOIN returns r ON r.id = g.return_id LEFT JOIN order_lines l ON l.id = g.order_line_id
             WHERE {page g.return_id} AND (r.id IS NULL OR l.id IS NULL OR l.order_id <> r.order_id OR g.quantity < 1)`,
  },
];
