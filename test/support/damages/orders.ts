import { newId } from "../../../mixins/contract/ids.ts";
import type { Damage } from "../damage.ts";
import { insert, one, spoil } from "../damage.ts";

const orders = (find: string, statement: string, also?: readonly string[]) =>
  spoil("orders", find, statement, also);
const paid = "SELECT id, number AS named FROM orders WHERE status = 'paid' AND refunded = 0 ORDER BY id";
const placed = "SELECT id, number AS named FROM orders WHERE status = 'placed' ORDER BY id";
const withCoupon =
  "SELECT id, number AS named FROM orders WHERE coupon_code IS NOT NULL AND status NOT IN ('cancelled', 'expired') ORDER BY id";
const key = "SELECT id FROM idempotency_keys WHERE scope LIKE 'payments.%' ORDER BY id";
const lost = newId();

/** Damages to orders, payments, goods and carts. */
export const damagesOfOrders: Readonly<Record<string, Damage>> = {
  "orders.tax: another tax": orders(paid, "UPDATE orders SET tax = tax + 1 WHERE id = ?", ["parts.sum"]),
  "orders.tax: another rate": orders(paid, "UPDATE orders SET tax_rate = 0 WHERE id = ?"),
  "orders.addresses: emptied": orders(paid, "UPDATE orders SET address = '{}' WHERE id = ?"),
  "orders.addresses: cut off": orders(
    paid,
    "UPDATE orders SET address = SUBSTR(address, 1, 20) WHERE id = ?",
  ),
  "orders.quantities: without a name": orders(
    paid,
    "UPDATE order_lines SET name = '' WHERE order_id = ? AND line_no = 0",
  ),
  "orders.quantities: options that cannot be read": orders(
    paid,
    "UPDATE order_lines SET options = '{' WHERE order_id = ? AND line_no = 0",
  ),
  "orders.times: paid before it was placed": orders(
    paid,
    "UPDATE timeline SET happened_at = 1 WHERE event = 'paid' AND order_id = ?",
  ),
  "orders.times: changed before it was placed": orders(paid, "UPDATE orders SET updated_at = 1 WHERE id = ?"),
  "orders.times: placed at another time": orders(
    placed,
    "UPDATE orders SET placed_at = placed_at - 1 WHERE id = ?",
  ),
  "orders.timeline-entries: of no order": insert(
    "orders",
    "timeline",
    { id: newId(), order_id: lost, order_version: 1, event: "lost", actor: "x", happened_at: 1 },
    lost,
    ["audit.orders"],
  ),
  "parts.lines: of another merchant": orders(
    paid,
    `UPDATE order_lines SET merchant_id = '${lost}' WHERE order_id = ?`,
    ["statistics.orders"],
  ),
  "parts.merchants: another shipping": orders(
    placed,
    "UPDATE order_lines SET shipping = shipping + 1 WHERE order_id = ? AND line_no = 0",
  ),
  "parts.amounts: other goods": orders(
    paid,
    "UPDATE order_parts SET subtotal = subtotal + 1, discount = discount + 1 WHERE order_id = ?",
    ["parts.sum"],
  ),
  "parts.sum: less tax": orders(paid, "UPDATE order_parts SET tax = tax - 1 WHERE order_id = ?"),
  "parts.status: placed at another time": orders(
    paid,
    "UPDATE order_parts SET placed_at = placed_at - 1 WHERE order_id = ?",
  ),
  "parts.refunds: more than was refunded": orders(
    paid,
    "UPDATE order_parts SET refunded = 1 WHERE order_id = ?",
    ["parts.sum"],
  ),
  "refunds.parts: shared by none": orders(
    "SELECT refund_id AS id FROM refund_parts ORDER BY refund_id",
    `UPDATE refund_parts SET refund_id = '${lost}' WHERE refund_id = ?`,
  ),
  "receipts.parts: received by none of its parts": orders(
    paid,
    "UPDATE orders SET received_at = updated_at WHERE id = ?",
  ),
  "receipts.holds: held by none": orders(paid, "UPDATE orders SET after_sales = 1 WHERE id = ?"),
  "receipts.to-review: more than was received": orders(paid, "UPDATE orders SET to_review = 1 WHERE id = ?"),
  "parts.completed: changed by an earlier version": {
    ...orders(
      "SELECT id FROM orders WHERE status = 'placed' ORDER BY id",
      "UPDATE timeline SET parts_due = 1 WHERE order_id = ?",
    ),
    settled: true,
  },
  "checkouts.states: in an unknown state": insert(
    "orders",
    "checkouts",
    {
      order_id: lost,
      customer_id: "-",
      idempotency_key: lost,
      fingerprint: "-",
      state: "lost",
      claim_until: 1,
      claimed_at: 1,
    },
    lost,
  ),
  "checkouts.answers: another number": orders(
    "SELECT order_id AS id FROM checkouts WHERE state = 'placed' ORDER BY order_id",
    "UPDATE checkouts SET response = REPLACE(response, '\"number\"', '\"nomber\"') WHERE order_id = ?",
  ),
  "checkouts.answers: for another request": orders(
    "SELECT order_id AS id FROM checkouts WHERE state = 'placed' ORDER BY order_id",
    `UPDATE checkouts SET fingerprint = '${"f".repeat(64)}' WHERE order_id = ?`,
  ),
  "keys.answers: another amount": orders(
    key,
    "UPDATE idempotency_keys SET response = REPLACE(response, '\"amount\":', '\"amount\":1') WHERE id = ?",
  ),
  "keys.answers: for another request": orders(
    key,
    `UPDATE idempotency_keys SET fingerprint = '${"f".repeat(64)}' WHERE id = ?`,
  ),
  "keys.states: the answer is gone": orders(key, "UPDATE idempotency_keys SET response = NULL WHERE id = ?"),
  "keys.remembered: of a payment": orders(
    "SELECT k.id, p.id AS named FROM idempotency_keys k JOIN payments p ON p.started_at = k.created_at WHERE k.scope LIKE 'payments.%' AND p.provider = 'manual'",
    "DELETE FROM idempotency_keys WHERE created_at = (SELECT t.created_at FROM (SELECT created_at FROM idempotency_keys WHERE id = ?) t)",
  ),
  "keys.remembered: of all": {
    async damage({ orders: database }) {
      const { id } = await one<{ id: string }>(
        database,
        "SELECT id FROM payments WHERE provider = 'manual' ORDER BY id",
      );
      await database.run("DELETE FROM idempotency_keys");
      return id;
    },
  },
  "checkouts.carts: of no order": insert(
    "orders",
    "ordered_carts",
    { cart_id: lost, cart_version: 1, order_id: newId() },
    lost,
  ),
  "coupons.codes: another coupon than it names": orders(
    withCoupon,
    "UPDATE orders SET coupon_code = 'OTHER' WHERE id = ?",
    ["audit.placed"],
  ),
  "coupons.codes: a merchant's, who does not have it": orders(
    withCoupon,
    `UPDATE orders SET coupon_merchant_id = '${lost}' WHERE id = ?`,
    ["coupons.merchants"],
  ),
  "coupons.merchants: goods of another merchant": orders(
    withCoupon,
    `UPDATE orders SET coupon_merchant_id = '${lost}' WHERE id = ?`,
    ["coupons.codes"],
  ),
  "coupons.terms: takes off more than all": orders(
    "SELECT id FROM coupons WHERE discount_kind = 'percent' ORDER BY id",
    "UPDATE coupons SET discount_value = 20000 WHERE id = ?",
    ["audit.coupons"],
  ),
  "coupons.terms: a code in small letters": orders(
    "SELECT id FROM coupons WHERE code = 'PEOPLE'",
    "UPDATE coupons SET code = 'people' WHERE id = ?",
    ["audit.coupons"],
  ),
  "coupons.terms: goods of an unknown kind": orders(
    "SELECT id FROM coupons WHERE code = 'PEOPLE'",
    "UPDATE coupons SET scope_kind = 'colours', scope_ids = '[]' WHERE id = ?",
    ["audit.coupons"],
  ),
  "coupons.claims: one more than are known": orders(
    "SELECT id FROM coupons WHERE code = 'PEOPLE'",
    "UPDATE coupons SET claims = claims + 1 WHERE id = ?",
  ),
  "coupons.claimed: of a coupon that is gone": insert(
    "orders",
    "coupon_claims",
    { claim_id: lost, coupon_id: newId(), customer_id: newId(), claimed_at: 1 },
    lost,
  ),
  "coupons.redeemed-claims: by customers who have none": orders(
    `SELECT c.id FROM coupons c JOIN coupon_redemptions r ON r.coupon_id = c.id JOIN orders o ON o.id = r.order_id
     WHERE r.given_back_at IS NULL ORDER BY c.id`,
    "UPDATE coupons SET claimable = 1 WHERE id = ?",
    ["audit.coupons"],
  ),
  "coupons.customers: of a coupon that is gone": insert(
    "orders",
    "coupon_customers",
    { coupon_id: lost, customer_id: newId(), uses: 1 },
    lost,
  ),
  "payments.states: paid without a time": orders(
    "SELECT id FROM payments WHERE status = 'succeeded' ORDER BY id",
    "UPDATE payments SET paid_at = NULL WHERE id = ?",
  ),
  "payments.states: paid before it was begun": orders(
    "SELECT id FROM payments WHERE status = 'succeeded' ORDER BY id",
    "UPDATE payments SET paid_at = 1 WHERE id = ?",
  ),
  "payments.states: at an unknown provider": orders(
    "SELECT id FROM payments WHERE status = 'succeeded' ORDER BY id",
    "UPDATE payments SET provider = 'nobody' WHERE id = ?",
  ),
  "payments.references: the same money twice": {
    also: ["payments.paid-once"],
    async damage({ orders: database }) {
      const [row] = await database.select<Record<string, string | number>>(
        "SELECT * FROM payments WHERE status = 'succeeded' AND refunded = 0 ORDER BY id LIMIT 1",
      );
      if (!row) throw new Error("nothing was paid");
      await database.run(
        "UPDATE payments SET provider = 'stripe', reference = 'pi_1' WHERE id = ?",
        String(row["id"]),
      );
      const twice = { ...row, id: newId(), provider: "stripe", reference: "pi_1" };
      await database.run(
        `INSERT INTO payments (${Object.keys(twice).join()}) VALUES (${Object.keys(twice)
          .map(() => "?")
          .join()})`,
        ...Object.values(twice),
      );
      return String(row["id"]);
    },
  },
  "payments.notices: came to something unknown": insert(
    "orders",
    "payment_notices",
    { provider: "stripe", event_id: lost, type: "charge", outcome: "lost", received_at: 1 },
    lost,
  ),
  "refunds.states: given without a time": orders(
    "SELECT id FROM refunds WHERE status = 'succeeded' ORDER BY id",
    "UPDATE refunds SET settled_at = NULL WHERE id = ?",
  ),
  "refunds.states: due before it was paid": orders(
    "SELECT id FROM refunds ORDER BY id",
    "UPDATE refunds SET requested_at = 1 WHERE id = ?",
  ),
  "refunds.states: for no known cause": orders(
    "SELECT id FROM refunds WHERE cause = 'cancellation' ORDER BY id",
    "UPDATE refunds SET cause = 'mistake' WHERE id = ?",
  ),
  "shipments.states: sent without a time": orders(
    "SELECT id FROM shipments WHERE status = 'shipped' ORDER BY id",
    "UPDATE shipments SET shipped_at = NULL WHERE id = ?",
  ),
  "shipments.states: arrived before it was sent": orders(
    "SELECT id FROM shipments WHERE status = 'delivered' ORDER BY id",
    "UPDATE shipments SET delivered_at = 1 WHERE id = ?",
  ),
  "shipments.states: of no order": insert(
    "orders",
    "shipments",
    { id: lost, order_id: newId(), status: "packed", version: 1, packed_at: 1, updated_at: 1 },
    lost,
  ),
  "shipments.lines: of no shipment": insert(
    "orders",
    "shipment_lines",
    { shipment_id: lost, order_line_id: newId(), line_no: 0, quantity: 1 },
    lost,
  ),
  "returns.states: in another currency": orders(
    "SELECT id FROM returns ORDER BY id",
    "UPDATE returns SET currency = 'XXX' WHERE id = ?",
  ),
  "returns.states: came back before it was bought": orders(
    "SELECT id FROM returns ORDER BY id",
    "UPDATE returns SET returned_at = 1 WHERE id = ?",
  ),
  "returns.lines: of no return": insert(
    "orders",
    "return_lines",
    { return_id: lost, order_line_id: newId(), line_no: 0, quantity: 1 },
    lost,
  ),
  "orders.quantities: a negative price": orders(
    paid,
    "UPDATE order_lines SET unit_price = -1 WHERE order_id = ? AND line_no = 0",
    ["orders.discount", "orders.lines", "orders.reserved-lines", "parts.amounts", "statistics.orders"],
  ),
  "coupons.of-orders: used by somebody else": orders(
    withCoupon,
    `UPDATE coupon_redemptions SET customer_id = '${lost}' WHERE order_id = ?`,
    ["coupons.uses"],
  ),
  "carts.lives: over before it was used": spoil(
    "cart",
    "SELECT id FROM carts ORDER BY id",
    "UPDATE carts SET expires_at = updated_at WHERE id = ?",
  ),
  "carts.lives: a coupon in small letters": spoil(
    "cart",
    "SELECT id FROM carts ORDER BY id",
    "UPDATE carts SET coupon_code = 'small' WHERE id = ?",
  ),
  "carts.quantities: more than a cart holds": {
    async damage({ cart, catalog }) {
      const { id } = await one<{ id: string }>(cart, "SELECT id FROM carts ORDER BY id");
      const variant = await one<{ id: string }>(catalog, "SELECT id FROM variants WHERE sku = 'MUG-S'");
      await cart.run("INSERT INTO cart_items VALUES (?, ?, ?, 100000, 1, 'GBP')", newId(), id, variant.id);
      return id;
    },
  },
};
