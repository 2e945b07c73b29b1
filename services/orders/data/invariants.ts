import type { Invariant } from "../../../mixins/database/invariant.ts";
import { addressParts, lacksText } from "../../../mixins/database/invariant.ts";
import { outboxInvariants } from "../../../mixins/events/event-invariants.ts";
import { afterSaleRefundInvariants } from "./after-sale-refund-invariants.ts";
import { checkoutInvariants } from "./checkout-invariants.ts";
import { couponInvariants } from "./coupon-invariants.ts";
import { guestInvariants } from "./guest-invariants.ts";
import { partInvariants } from "./part-invariants.ts";
import { paymentInvariants } from "./payment-invariants.ts";
import { paymentMethodInvariants } from "./payment-method-invariants.ts";
import { receiptInvariants } from "./receipt-invariants.ts";
import { renditionInvariants } from "./rendition-invariants.ts";
import { returnInvariants } from "./return-invariants.ts";
import { shipmentInvariants } from "./shipment-invariants.ts";

const orders = { table: "orders", key: "id" } as const;

const orderInvariants: readonly Invariant[] = [
  {
    code: "orders.lines",
    says: "Every order has lines, and their total is its subtotal",
    subject: orders,
    broken: `SELECT t.* FROM (
               SELECT o.number, o.id AS orderId, o.subtotal,
                 CAST((SELECT SUM(l.quantity * l.unit_price) FROM order_lines l WHERE l.order_id = o.id) AS SIGNED) AS ofLines
               FROM orders o WHERE {page o.id}
             ) t WHERE t.ofLines IS NULL OR t.ofLines <> t.subtotal`,
  },
  {
    code: "orders.quantities",
    says: "Every line names a product, has a positive quantity, and no more of it was returned than bought",
    subject: { table: "order_lines", key: "id" },
    broken: `SELECT o.number, l.order_id AS orderId, l.sku, l.quantity, l.returned_quantity AS returned
             FROM order_lines l LEFT JOIN orders o ON o.id = l.order_id
             WHERE {page l.id} AND (o.id IS NULL OR l.sku = '' OR l.name = '' OR NOT JSON_VALID(l.options) OR l.quantity < 1 OR l.unit_price < 0
               OR l.returned_quantity < 0 OR l.returned_quantity > l.quantity)`,
  },
  {
    code: "orders.returned",
    says: "The returned quantity of each line equals the sum of its returns",
    subject: { table: "order_lines", key: "id" },
    broken: `SELECT o.number, t.* FROM (
               SELECT l.order_id AS orderId, l.sku, l.returned_quantity AS returned,
                 CAST(COALESCE((SELECT SUM(g.quantity) FROM returns r JOIN return_lines g ON g.return_id = r.id
                   WHERE r.order_id = l.order_id AND g.order_line_id = l.id), 0) AS SIGNED) AS ofReturns
               FROM order_lines l WHERE {page l.id}
             ) t LEFT JOIN orders o ON o.id = t.orderId WHERE t.returned <> t.ofReturns`,
  },
  {
    code: "orders.total",
    says: "Of every order, subtotal − discount + shipping = total; none is negative; tax is contained",
    subject: orders,
    broken: `SELECT number, id AS orderId, subtotal, discount, shipping, tax, total FROM orders
             WHERE {page id} AND (subtotal - discount + shipping <> total OR subtotal < 0 OR discount < 0
               OR discount > subtotal OR shipping < 0 OR total < 0 OR tax < 0 OR tax > total)`,
  },
  {
    code: "orders.tax",
    says: "The tax of an order is that of its total at its rate, rounded half up",
    subject: orders,
    // total × rate ÷ (1 + rate) in integers, without division: the remainder is less than the divisor.
    broken: `SELECT number, id AS orderId, total, tax, tax_rate AS basisPoints FROM orders
             WHERE {page id} AND tax_rate IS NOT NULL AND (tax_rate < 0
               OR 2 * total * tax_rate + 10000 + tax_rate < 2 * (10000 + tax_rate) * tax
               OR 2 * total * tax_rate + 10000 + tax_rate >= 2 * (10000 + tax_rate) * (tax + 1))`,
  },
  {
    code: "orders.addresses",
    says: "Every order has a number, a currency, and a complete address",
    subject: orders,
    broken: `SELECT number, id AS orderId, currency FROM orders
             WHERE {page id} AND (LENGTH(number) <> 9 OR LENGTH(currency) <> 3 OR ${lacksText("address", addressParts)})`,
  },
  {
    code: "orders.times",
    says: "An order's timeline starts at its placement, is in chronological order, and ends at its last change",
    subject: orders,
    broken: `SELECT o.number, o.id AS orderId, o.placed_at AS placedAt, o.updated_at AS updatedAt, e.event, e.order_version AS version,
               e.happened_at AS happenedAt
             FROM orders o JOIN timeline e ON e.order_id = o.id
               LEFT JOIN timeline f ON f.order_id = e.order_id AND f.order_version = e.order_version - 1
             WHERE {page o.id} AND (e.happened_at < f.happened_at OR e.actor = ''
               OR (e.order_version = 1 AND (e.event <> 'placed' OR e.happened_at <> o.placed_at))
               OR (e.order_version = o.version AND e.happened_at <> o.updated_at))`,
  },
  {
    code: "orders.timeline-entries",
    says: "Every timeline entry belongs to an existing order",
    subject: { table: "timeline", key: "order_id" },
    broken: `SELECT e.id AS entryId, e.order_id AS orderId, e.event FROM timeline e LEFT JOIN orders o ON o.id = e.order_id
             WHERE {page e.order_id} AND o.id IS NULL`,
  },
  {
    code: "orders.timeline",
    says: "The timeline has one entry for each version of its order, without a gap",
    subject: orders,
    broken: `SELECT t.* FROM (
               SELECT o.number, o.id AS orderId, o.version,
                 (SELECT COUNT(*) FROM timeline e WHERE e.order_id = o.id) AS entries,
                 (SELECT COUNT(DISTINCT e.order_version) FROM timeline e
                  WHERE e.order_id = o.id AND e.order_version BETWEEN 1 AND o.version) AS versions
               FROM orders o WHERE {page o.id}
             ) t WHERE t.entries <> t.version OR t.versions <> t.version`,
  },
  {
    code: "orders.status",
    says: "An order's status is the one to which its timeline leads",
    subject: orders,
    // Later entries about a part of the order may leave its status as it is; those about all of it may not.
    broken: `SELECT o.number, o.id AS orderId, o.status,
               (SELECT e.event FROM timeline e WHERE e.order_id = o.id AND e.order_version = o.version) AS lastEvent
             FROM orders o
             WHERE {page o.id} AND NOT EXISTS (
               SELECT e.id FROM timeline e WHERE e.order_id = o.id AND e.event = o.status AND NOT EXISTS (
                 SELECT f.id FROM timeline f WHERE f.order_id = o.id AND f.order_version > e.order_version
                   AND f.event IN ('placed', 'paid', 'cancelled', 'expired')
               )
             )`,
  },
  {
    code: "orders.pay-before",
    says: "An order has a payment deadline exactly while it awaits payment",
    subject: orders,
    broken: `SELECT number, id AS orderId, status, pay_before AS payBefore FROM orders
             WHERE {page id} AND (status = 'placed') = (pay_before IS NULL)`,
  },
  {
    code: "orders.expire-in-time",
    says: "While the shop runs, no order awaits payment long after its deadline",
    subject: orders,
    // Downtime does not count: an order is late only if other orders were placed after its deadline.
    broken: `SELECT number, id AS orderId, pay_before AS payBefore FROM orders
             WHERE {page id} AND status = 'placed'
               AND pay_before + {graceMs} < (SELECT MAX(placed_at) FROM orders)`,
  },
  {
    code: "orders.none-overdue",
    says: "No order awaits payment after its deadline",
    whenSettled: true,
    subject: orders,
    broken: `SELECT number, id AS orderId, pay_before AS payBefore FROM orders
             WHERE {page id} AND status = 'placed' AND pay_before < {now}`,
  },
];

/** Invariants of this service's data. */
export const invariants = [
  ...orderInvariants,
  ...checkoutInvariants,
  ...couponInvariants,
  ...guestInvariants,
  ...partInvariants,
  ...receiptInvariants,
  ...paymentInvariants,
  ...paymentMethodInvariants,
  ...shipmentInvariants,
  ...renditionInvariants,
  ...returnInvariants,
  ...afterSaleRefundInvariants,
  ...outboxInvariants,
];
