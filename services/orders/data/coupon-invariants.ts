import type { Invariant } from "../../../mixins/database/invariant.ts";

const orders = { table: "orders", key: "id" } as const;
const coupons = { table: "coupons", key: "id" } as const;

/** What always holds of discounts and of the coupons that gave them. */
export const couponInvariants: readonly Invariant[] = [
  {
    code: "orders.discount",
    says: "An order's discount is spread over its lines to the penny, and takes no line below nothing",
    subject: orders,
    broken: `SELECT t.* FROM (
               SELECT o.number, o.id AS orderId, o.discount,
                 CAST((SELECT SUM(l.discount) FROM order_lines l WHERE l.order_id = o.id) AS SIGNED) AS ofLines,
                 (SELECT COUNT(*) FROM order_lines l WHERE l.order_id = o.id
                    AND (l.discount < 0 OR l.discount > l.quantity * l.unit_price)) AS beyondTheirWorth
               FROM orders o WHERE {page o.id}
             ) t WHERE t.ofLines <> t.discount OR t.beyondTheirWorth > 0`,
  },
  {
    code: "coupons.of-orders",
    says: "An order with a discount owes it to a coupon, which it uses unless it was cancelled or expired",
    subject: orders,
    broken: `SELECT t.* FROM (
               SELECT o.number, o.id AS orderId, o.status, o.discount, o.coupon_code AS coupon,
                 (SELECT COUNT(*) FROM coupon_redemptions r WHERE r.order_id = o.id AND r.customer_id = o.customer_id
                    AND r.given_back_at IS NULL) AS redemptions
               FROM orders o WHERE {page o.id}
             ) t WHERE (t.discount > 0) = (t.coupon IS NULL)
               OR t.redemptions <> CASE WHEN t.coupon IS NULL OR t.status IN ('cancelled', 'expired') THEN 0 ELSE 1 END`,
  },
  {
    code: "coupons.redemptions",
    says: "Whatever uses a coupon is an order, and the coupon exists",
    subject: { table: "coupon_redemptions", key: "order_id" },
    broken: `SELECT r.order_id AS orderId, o.number, r.coupon_id AS couponId, c.code, r.given_back_at AS givenBackAt
             FROM coupon_redemptions r LEFT JOIN orders o ON o.id = r.order_id LEFT JOIN coupons c ON c.id = r.coupon_id
             WHERE {page r.order_id} AND (o.id IS NULL OR c.id IS NULL)`,
  },
  {
    code: "coupons.uses",
    says: "A coupon's uses are the orders that use it, in total and by customer, and no more than its limit",
    subject: coupons,
    broken: `SELECT t.* FROM (
               SELECT c.code, c.id AS couponId, c.uses, c.total_limit AS totalLimit,
                 (SELECT COUNT(*) FROM coupon_redemptions r WHERE r.coupon_id = c.id AND r.given_back_at IS NULL) AS redemptions,
                 CAST(COALESCE((SELECT SUM(u.uses) FROM coupon_customers u WHERE u.coupon_id = c.id), 0) AS SIGNED)
                   AS ofCustomers,
                 (SELECT COUNT(*) FROM coupon_customers u WHERE u.coupon_id = c.id AND u.uses <>
                    (SELECT COUNT(*) FROM coupon_redemptions r WHERE r.coupon_id = u.coupon_id
                       AND r.customer_id = u.customer_id AND r.given_back_at IS NULL)) AS customersMiscounted
               FROM coupons c WHERE {page c.id}
             ) t WHERE t.uses <> t.redemptions OR t.uses <> t.ofCustomers OR t.customersMiscounted > 0
               OR t.uses > t.totalLimit`,
  },
];
