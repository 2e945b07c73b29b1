import { newId } from "../../../mixins/contract/ids.ts";
import { never } from "../../../services/after-sales/domain/deadlines.ts";
import type { Damage } from "../damage.ts";
import { insert, spoil } from "../damage.ts";

const afterSales = (find: string, statement: string, also?: readonly string[]) =>
  spoil("after-sales", find, statement, also);
const requested = "SELECT id FROM after_sales WHERE status = 'requested' ORDER BY id";
const refunded = "SELECT id FROM after_sales WHERE status = 'refunded' AND refund > 1 ORDER BY id";
const lost = newId();

/** Damages to after-sales, and to what orders and catalog keep of them. */
export const damagesOfAfterSales: Readonly<Record<string, Damage>> = {
  "after-sales.states: of an unknown kind": afterSales(
    requested,
    "UPDATE after_sales SET kind = 'lost' WHERE id = ?",
  ),
  "after-sales.states: more than was asked for": afterSales(
    refunded,
    "UPDATE after_sales SET amount = 0 WHERE id = ?",
  ),
  "after-sales.lines": insert(
    "after-sales",
    "after_sale_lines",
    {
      after_sale_id: lost,
      order_line_id: newId(),
      line_no: 0,
      variant_id: newId(),
      product_id: newId(),
      sku: "LOST",
      name: "lost",
      quantity: 1,
      worth: 1,
    },
    lost,
  ),
  "after-sales.claims: more than the requests": afterSales(
    "SELECT order_line_id AS id FROM claims ORDER BY order_line_id",
    "UPDATE claims SET claimed = claimed + 1 WHERE order_line_id = ?",
  ),
  "after-sales.claims: refunded, and free again": afterSales(
    "SELECT order_line_id AS id FROM claims WHERE returned > 0 ORDER BY order_line_id",
    "UPDATE claims SET returned = returned - 1 WHERE order_line_id = ?",
  ),
  "after-sales.timers: none of an open one": afterSales(
    requested,
    `UPDATE after_sales SET due_at = ${never} WHERE id = ?`,
  ),
  "after-sales.timers: of one that has ended": afterSales(
    refunded,
    `UPDATE after_sales SET due_at = ${never - 1} WHERE id = ?`,
  ),
  "after-sales.none-overdue": {
    ...afterSales(requested, "UPDATE after_sales SET due_at = 1 WHERE id = ?"),
    settled: true,
  },
  "after-sales.timeline: the beginning is gone": afterSales(
    refunded,
    "DELETE FROM after_sale_steps WHERE version = 1 AND after_sale_id = ?",
  ),
  "after-sales.timeline: another end": afterSales(
    requested,
    "UPDATE after_sale_steps SET status = 'approved' WHERE version = 1 AND after_sale_id = ?",
  ),
  "after-sales.replacements": afterSales(
    "SELECT id FROM after_sales WHERE status = 'replaced' ORDER BY id",
    "UPDATE after_sales SET replacement_id = NULL WHERE id = ?",
  ),
  "after-sales.messages": insert(
    "after-sales",
    "messages",
    { id: newId(), after_sale_id: lost, author: "buyer", author_id: "x", text: "lost", created_at: 1 },
    lost,
  ),
  "after-sales.refunds: of another amount": afterSales(
    refunded,
    "UPDATE after_sales SET refund = refund - 1 WHERE id = ?",
  ),
  "after-sales.refunds: of a request that is open": spoil(
    "after-sales",
    "SELECT id FROM after_sales WHERE status = 'refunded' AND goods = 'kept' ORDER BY id",
    `UPDATE after_sales SET status = 'requested', refund = NULL, due_at = ${never - 1} WHERE id = ?`,
    ["after-sales.claims", "after-sales.timeline"],
  ),
  "after-sales.bought": afterSales(
    "SELECT order_line_id AS id FROM claims ORDER BY order_line_id",
    "UPDATE claims SET bought = bought + 1 WHERE order_line_id = ?",
  ),
  "after-sales.reservations": spoil(
    "catalog",
    "SELECT order_id AS id FROM reservations WHERE settled_by = 'after-sales' AND status = 'committed'",
    "UPDATE reservations SET status = 'cancelled' WHERE order_id = ?",
    ["stock.reserved"],
  ),
  "refunds.of-after-sales": spoil(
    "orders",
    "SELECT after_sale_id AS id FROM after_sale_refunds WHERE refund > 0 ORDER BY after_sale_id",
    "UPDATE after_sale_refunds SET refund = refund + 1 WHERE after_sale_id = ?",
    ["after-sales.refunds"],
  ),
  "refunds.after-sale-cause": spoil(
    "orders",
    "SELECT refund_id AS id FROM after_sale_refunds WHERE return_id IS NULL AND refund_id IS NOT NULL",
    "UPDATE after_sale_refunds SET refund_id = NULL WHERE refund_id = ?",
    ["refunds.of-after-sales"],
  ),
};
