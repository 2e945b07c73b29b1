import type { Invariant } from "../../../mixins/database/invariant.ts";
import { outboxInvariants } from "../../../mixins/events/event-invariants.ts";
import { checkoutInvariants } from "./checkout-invariants.ts";
import { couponInvariants } from "./coupon-invariants.ts";
import { paymentInvariants } from "./payment-invariants.ts";
import { shipmentInvariants } from "./shipment-invariants.ts";

const orders = { table: "orders", key: "id" } as const;

const orderInvariants: readonly Invariant[] = [
  {
    code: "orders.lines",
    says: "Every order has lines, and what they cost together is its subtotal",
    subject: orders,
    broken: `SELECT t.* FROM (
               SELECT o.number, o.id AS orderId, o.subtotal,
                 CAST((SELECT SUM(l.quantity * l.unit_price) FROM order_lines l WHERE l.order_id = o.id) AS SIGNED) AS ofLines
               FROM orders o WHERE {page o.id}
             ) t WHERE t.ofLines IS NULL OR t.ofLines <> t.subtotal`,
  },
  {
    code: "orders.quantities",
    says: "Every line is of at least one, and no more came back of it than was bought",
    subject: { table: "order_lines", key: "id" },
    broken: `SELECT o.number, l.order_id AS orderId, l.sku, l.quantity, l.returned_quantity AS returned
             FROM order_lines l LEFT JOIN orders o ON o.id = l.order_id
             WHERE {page l.id} AND (o.id IS NULL OR l.quantity < 1 OR l.unit_price < 0
               OR l.returned_quantity < 0 OR l.returned_quantity > l.quantity)`,
  },
  {
    code: "orders.returned",
    says: "What is noted as taken back of a line is what its returns add up to",
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
    // Later entries can be of a part of the order and leave the status as it is, but for those that are of all of it.
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
    says: "An order has a time to be paid by exactly while it waits for payment",
    subject: orders,
    broken: `SELECT number, id AS orderId, status, pay_before AS payBefore FROM orders
             WHERE {page id} AND (status = 'placed') = (pay_before IS NULL)`,
  },
  {
    code: "orders.expire-in-time",
    says: "No order waits long after the time by which it was to be paid, while the shop goes on",
    subject: orders,
    // The shop may have been down, then it is not late: orders that were placed later show that it was not.
    broken: `SELECT number, id AS orderId, pay_before AS payBefore FROM orders
             WHERE {page id} AND status = 'placed'
               AND pay_before + {patience} < (SELECT MAX(placed_at) FROM orders)`,
  },
  {
    code: "orders.none-overdue",
    says: "No order waits for payment whose time is over",
    whenSettled: true,
    subject: orders,
    broken: `SELECT number, id AS orderId, pay_before AS payBefore FROM orders
             WHERE {page id} AND status = 'placed' AND pay_before < {now}`,
  },
];

/** What always holds in this service's data. */
export const invariants = [
  ...orderInvariants,
  ...checkoutInvariants,
  ...couponInvariants,
  ...paymentInvariants,
  ...shipmentInvariants,
  ...outboxInvariants,
];
