import type { Invariant } from "../../../mixins/database/invariant.ts";

const scopeKinds = "'products', 'categories', 'brands', 'merchants'";
const orders = { table: "orders", key: "id" } as const;
const coupons = { table: "coupons", key: "id" } as const;

/** Invariants of discounts and their coupons. */
export const couponInvariants: readonly Invariant[] = [
  {
    code: "orders.discount",
    says: "An order's discount is spread over its lines to the penny, and makes no line negative",
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
    says: "Every redemption belongs to an existing order and coupon",
    subject: { table: "coupon_redemptions", key: "order_id" },
    broken: `SELECT r.order_id AS orderId, o.number, r.coupon_id AS couponId, c.code, r.given_back_at AS givenBackAt
             FROM coupon_redemptions r LEFT JOIN orders o ON o.id = r.order_id LEFT JOIN coupons c ON c.id = r.coupon_id
             WHERE {page r.order_id} AND (o.id IS NULL OR c.id IS NULL)`,
  },
  {
    code: "coupons.codes",
    says: "An order with a coupon names the one that it uses, and whose it is",
    subject: orders,
    broken: `SELECT o.number, o.id AS orderId, o.coupon_code AS coupon, c.code AS uses, o.coupon_merchant_id AS merchantId
             FROM orders o JOIN coupon_redemptions r ON r.order_id = o.id JOIN coupons c ON c.id = r.coupon_id
             WHERE {page o.id} AND (o.coupon_code IS NULL OR o.coupon_code <> c.code OR COALESCE(o.coupon_merchant_id, '') <> COALESCE(c.merchant_id, '') OR r.given_back_at + {graceMs} < r.redeemed_at)`,
  },
  {
    code: "coupons.merchants",
    says: "A merchant's coupon discounts goods of that merchant only",
    subject: orders,
    broken: `SELECT o.number, o.id AS orderId, o.coupon_merchant_id AS merchantId, l.line_no AS line, l.discount
             FROM orders o JOIN order_lines l ON l.order_id = o.id
             WHERE {page o.id} AND o.coupon_merchant_id IS NOT NULL AND l.discount > 0
               AND COALESCE(l.merchant_id, '') <> o.coupon_merchant_id`,
  },
  {
    code: "coupons.terms",
    says: "Every coupon has a code in capitals, a discount of at most all, a scope, and a non-empty period of validity",
    subject: coupons,
    broken: `SELECT code, id AS couponId, discount_kind AS kind, discount_value AS value, valid_from AS validFrom,
               valid_until AS validUntil, total_limit AS totalLimit, scope_kind AS scope
             FROM coupons
             WHERE {page id} AND (code = '' OR HEX(code) <> HEX(UPPER(code)) OR discount_kind NOT IN ('percent', 'fixed')
               OR discount_value < 1 OR (discount_kind = 'percent' AND discount_value > 10000) OR minimum_subtotal < 0
               OR total_limit < 1 OR per_customer_limit < 1 OR active NOT IN (0, 1) OR claimable NOT IN (0, 1) OR claim_limit < 1 OR valid_until <= valid_from
               OR (scope_kind IS NULL) <> (scope_ids IS NULL)
               OR scope_kind NOT IN (${scopeKinds}) OR version < 1 OR updated_at + {graceMs} < created_at)`,
  },
  {
    code: "coupons.customers",
    says: "Every customer's count of uses belongs to an existing coupon",
    subject: { table: "coupon_customers", key: "coupon_id" },
    broken: `SELECT u.coupon_id AS couponId, u.customer_id AS customerId, u.uses
             FROM coupon_customers u LEFT JOIN coupons c ON c.id = u.coupon_id
             WHERE {page u.coupon_id} AND (c.id IS NULL OR u.uses < 0)`,
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
  {
    code: "coupons.claims",
    says: "An offer's claims are the customers who have claimed it, and no more than its limit",
    subject: coupons,
    broken: `SELECT t.* FROM (
               SELECT c.code, c.id AS couponId, c.claimable, c.claims, c.claim_limit AS claimLimit,
                 (SELECT COUNT(*) FROM coupon_claims m WHERE m.coupon_id = c.id) AS customers
               FROM coupons c WHERE {page c.id}
             ) t WHERE t.claims <> t.customers OR t.claims > t.claimLimit
               OR (t.claimable = 0 AND (t.claims > 0 OR t.claimLimit IS NOT NULL))`,
  },
  {
    code: "coupons.claimed",
    says: "Every claim is of an existing coupon",
    subject: { table: "coupon_claims", key: "claim_id" },
    broken: `SELECT m.claim_id AS claimId, m.coupon_id AS couponId, m.customer_id AS customerId
             FROM coupon_claims m LEFT JOIN coupons c ON c.id = m.coupon_id
             WHERE {page m.claim_id} AND c.id IS NULL`,
  },
  {
    code: "coupons.redeemed-claims",
    says: "An offer is used by customers who have claimed it only",
    subject: { table: "coupon_redemptions", key: "order_id" },
    broken: `SELECT r.order_id AS orderId, c.code, c.id AS couponId, r.customer_id AS customerId
             FROM coupon_redemptions r JOIN coupons c ON c.id = r.coupon_id
             WHERE {page r.order_id} AND c.claimable = 1
               AND NOT EXISTS (SELECT m.claim_id FROM coupon_claims m WHERE m.coupon_id = r.coupon_id AND m.customer_id = r.customer_id)`,
  },
];
