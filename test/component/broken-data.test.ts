import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Service } from "moleculer";
import type { Config } from "../../config/index.ts";
import { loadConfig } from "../../config/index.ts";
import type { ServiceWithDatabase } from "../../mixins/database/database.mixin.ts";
import { configOf } from "../../mixins/service/config-of.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { never } from "../../services/after-sales/domain/deadlines.ts";
import { verifyData } from "../../services/operations/verify/verify-shop.ts";
import { crossServiceInvariants } from "../../services/operations/verify/invariants/index.ts";
import { reportText } from "../../services/operations/verify/report.ts";
import { queueFindings, queueInvariants } from "../../services/operations/verify/queue-findings.ts";
import { randomFrom } from "../cluster/nemesis.ts";
import { ShopTraffic } from "../support/shop-traffic.ts";
import { clusterSettings } from "../support/cluster-shape.ts";
import { loosen } from "../support/constraints.ts";
import type { Shop } from "../support/shop.ts";
import { startShop } from "../support/shop.ts";
import type { Damage, Data } from "../support/damage.ts";
import { one } from "../support/damage.ts";
import { damagesOfAccounts } from "../support/damages/accounts.ts";
import { complain } from "../support/complaints.ts";
import { damagesOfAfterSales } from "../support/damages/after-sales.ts";
import { damagesOfAudited } from "../support/damages/audited.ts";
import { damagesOfGuests } from "../support/damages/guests.ts";
import { damagesOfCatalogue } from "../support/damages/catalogue.ts";
import { damagesOfMembers } from "../support/damages/members.ts";
import { damagesOfMerchants } from "../support/damages/merchants.ts";
import { damagesOfNotifications } from "../support/damages/notifications.ts";
import { damagesOfOrders } from "../support/damages/orders.ts";
import { damagesOfPaymentMethods } from "../support/damages/payment-methods.ts";
import { damagesOfSettlements } from "../support/damages/settlements.ts";
import { damagesOfStatistics } from "../support/damages/statistics.ts";
import { damagesOfReviews } from "../support/damages/reviews.ts";
import { damagesOfWebhooks } from "../support/damages/webhooks.ts";
import { damagesOfWork } from "../support/damages/work.ts";
import { reviewsOf } from "../support/buyers.ts";
import { guestsOf } from "../support/guests.ts";
import { peopleOf } from "../support/people-of.ts";
import type { RolledBackDatabase } from "../support/rolled-back.ts";
import { RollingBack } from "../support/rolled-back.ts";
import { dataServices } from "../support/data-services.ts";
import { installedShop } from "../../services/operations/verify/databases.ts";

interface Order {
  readonly id: string;
  readonly number: string;
  readonly customer_id: string;
  readonly cart_id: string;
}

const minute = 60_000;

const order = (data: Data, status: string) =>
  one<Order>(
    data.orders,
    "SELECT * FROM orders WHERE status = ? AND refunded = 0 AND coupon_code IS NULL ORDER BY id",
    status,
  );
const account = (data: Data) =>
  one<{ variant_id: string; sku: string }>(
    data.catalog,
    "SELECT a.variant_id, v.sku FROM stock a JOIN variants v ON v.id = a.variant_id WHERE a.on_hand > 1 AND a.sold > 0",
  );

/** A variant that is not in any cart. */
const unsold = (data: Data) =>
  one<{ variant_id: string }>(data.catalog, "SELECT id AS variant_id FROM variants WHERE sku = 'MUG-S'");

async function move(data: Data, variantId: string, ...kinds: string[]): Promise<void> {
  const { id: orderId } = await one<{ id: string }>(data.catalog, "SELECT order_id AS id FROM reservations");
  for (const kind of kinds)
    await data.catalog.run(
      `INSERT INTO stock_movements (id, variant_id, kind, quantity, order_id, actor, created_at) VALUES (?, ?, ?, 1, ?, 'user:x', 1)`,
      newId(),
      variantId,
      kind,
      kind === "adjust" ? null : orderId,
    );
}

async function hold(data: Data, leaseUntil: number): Promise<string> {
  const { variant_id: variantId } = await account(data);
  const orderId = newId();
  await data.catalog.run(
    "UPDATE stock SET on_hand = on_hand - 1, reserved = reserved + 1 WHERE variant_id = ?",
    variantId,
  );
  await move(data, variantId, "reserve");
  await data.catalog.run(
    "INSERT INTO reservations (order_id, status, lease_until, created_at, updated_at) VALUES (?, 'held', ?, 1, 1)",
    orderId,
    leaseUntil,
  );
  await data.catalog.run("INSERT INTO reservation_lines VALUES (?, ?, 0, 1, 500, 0)", orderId, variantId);
  return orderId;
}

/**
 * Copies the order's row with changed values.
 *
 * @returns its id
 */
async function copy(
  data: Data,
  table: "payments" | "refunds",
  orderId: string,
  changes: Readonly<Record<string, string | number>>,
): Promise<string> {
  const original = await one<Record<string, string | number>>(
    data.orders,
    `SELECT * FROM ${table} WHERE order_id = ?`,
    orderId,
  );
  const row = { ...original, id: newId(), ...changes };
  const sql = `INSERT INTO ${table} (${Object.keys(row).join()}) VALUES (${Object.keys(row)
    .map(() => "?")
    .join()})`;
  await data.orders.run(sql, ...Object.values(row));
  return row.id;
}

async function putInOutbox(data: Data, status: string): Promise<string> {
  const id = newId();
  const sql = "INSERT INTO outbox (id, envelope, status, attempts, due_at) VALUES (?, ?, ?, 3, 1)";
  const envelope = JSON.stringify({ id, name: "catalog.changed", occurredAt: 1, payload: {} });
  await data.catalog.run(sql, id, envelope, status);
  return id;
}

/**
 * As the relay leaves an event accepted by a queue.
 *
 * @returns its id
 */
async function send(data: Data): Promise<string> {
  const id = newId();
  const envelope = JSON.stringify({ id, name: "catalog.changed", occurredAt: 1, payload: {} });
  await data.catalog.run(
    "INSERT INTO outbox (id, envelope, status, attempts, due_at) VALUES (?, ?, 'sent', 0, 1)",
    id,
    envelope,
  );
  return id;
}

/** Minimal damage for each invariant; a suffix after a colon distinguishes kinds. */
const damages: Readonly<Record<string, Damage>> = {
  ...damagesOfAccounts,
  ...damagesOfAfterSales,
  ...damagesOfAudited,
  ...damagesOfCatalogue,
  ...damagesOfGuests,
  ...damagesOfMembers,
  ...damagesOfMerchants,
  ...damagesOfNotifications,
  ...damagesOfOrders,
  ...damagesOfPaymentMethods,
  ...damagesOfSettlements,
  ...damagesOfStatistics,
  ...damagesOfReviews,
  ...damagesOfWebhooks,
  ...damagesOfWork,
  "events.no-dead-letters": { damage: (data) => putInOutbox(data, "dead") },
  "events.taken-in": { damage: send },
  "events.all-delivered": { settled: true, damage: (data) => putInOutbox(data, "waiting") },
  "stock.adds-up": {
    also: ["stock.ledger"],
    async damage(data) {
      const { variant_id: id, sku } = await account(data);
      await data.catalog.run("UPDATE stock SET received = received + 1 WHERE variant_id = ?", id);
      return sku;
    },
  },
  "stock.not-negative": {
    also: ["stock.of-products"],
    async damage(data) {
      const { variant_id: id, sku } = await account(data);
      const sql = "UPDATE stock SET on_hand = on_hand - ?, received = received - ? WHERE variant_id = ?";
      await data.catalog.run(sql, 1_000_000, 1_000_000, id);
      await move(data, id, "adjust");
      await data.catalog.run(
        "UPDATE stock_movements SET quantity = -1000000 WHERE variant_id = ? AND kind = 'adjust' AND created_at = 1",
        id,
      );
      return sku;
    },
  },
  "stock.ledger": {
    async damage(data) {
      const { variant_id: id, sku } = await account(data);
      const sell = await one<{ id: string }>(
        data.catalog,
        "SELECT id FROM stock_movements WHERE variant_id = ? AND kind = 'sell'",
        id,
      );
      await data.catalog.run("DELETE FROM stock_movements WHERE id = ?", sell.id);
      return sku;
    },
  },
  "stock.reserved": {
    async damage(data) {
      const { variant_id: id, sku } = await account(data);
      await data.catalog.run(
        "UPDATE stock SET on_hand = on_hand - 1, reserved = reserved + 1 WHERE variant_id = ?",
        id,
      );
      await move(data, id, "reserve");
      return sku;
    },
  },
  "stock.sold": {
    async damage(data) {
      const { variant_id: id, sku } = await account(data);
      await data.catalog.run(
        "UPDATE stock SET on_hand = on_hand - 1, sold = sold + 1 WHERE variant_id = ?",
        id,
      );
      await move(data, id, "reserve", "sell");
      return sku;
    },
  },
  "stock.every-variant": {
    async damage(data) {
      const unused =
        "SELECT v.id, v.sku FROM variants v WHERE v.id NOT IN (SELECT variant_id FROM stock_movements)";
      const { id, sku } = await one<{ id: string; sku: string }>(data.catalog, unused);
      await data.catalog.run("DELETE FROM stock WHERE variant_id = ?", id);
      return sku;
    },
  },
  "stock.of-products": {
    async damage(data) {
      const { id, slug } = await one<{ id: string; slug: string }>(
        data.catalog,
        "SELECT id, slug FROM products WHERE in_stock = 1",
      );
      await data.catalog.run("UPDATE products SET in_stock = 0 WHERE id = ?", id);
      return slug;
    },
  },
  "reservations.lines": {
    async damage(data) {
      const { id } = await order(data, "cancelled");
      await data.catalog.run("UPDATE reservation_lines SET returned = quantity + 1 WHERE order_id = ?", id);
      return id;
    },
  },
  "reservations.lease-kept": { damage: (data) => hold(data, 1) },
  "reservations.no-lease-over": { settled: true, damage: (data) => hold(data, Date.now() - 1000) },
  "orders.lines": {
    also: ["audit.placed"],
    async damage(data) {
      const { id, number } = await order(data, "placed");
      await data.orders.run("UPDATE orders SET subtotal = subtotal + 1, total = total + 1 WHERE id = ?", id);
      return number;
    },
  },
  "orders.quantities": {
    async damage(data) {
      const id = newId();
      await data.orders.run(
        `INSERT INTO order_lines (id, order_id, line_no, variant_id, product_id, sku, name, options, quantity, returned_quantity, unit_price)
         VALUES (?, ?, 0, 'v', 'p', 'LOST', 'lost', '{}', 1, 0, 1)`,
        newId(),
        id,
      );
      return id;
    },
  },
  "orders.returned": {
    also: ["statistics.orders"],
    async damage(data) {
      const back = "SELECT r.id, o.number FROM returns r JOIN orders o ON o.id = r.order_id";
      const { id, number } = await one<{ id: string; number: string }>(data.orders, back);
      await data.orders.run("UPDATE return_lines SET quantity = quantity + 1 WHERE return_id = ?", id);
      return number;
    },
  },
  "orders.discount": {
    also: ["parts.amounts", "statistics.orders"],
    async damage(data) {
      const { id, number } = await order(data, "paid");
      await data.orders.run(
        "UPDATE order_lines SET discount = discount + 1 WHERE order_id = ? AND line_no = 0",
        id,
      );
      return number;
    },
  },
  "coupons.of-orders": {
    also: ["audit.placed"],
    async damage(data) {
      const { id, number } = await order(data, "paid");
      await data.orders.run("UPDATE orders SET coupon_code = 'FORGED' WHERE id = ?", id);
      return number;
    },
  },
  "coupons.redemptions": {
    async damage(data) {
      const orderId = newId();
      const sql =
        "INSERT INTO coupon_redemptions (order_id, coupon_id, customer_id, redeemed_at, given_back_at) VALUES (?, ?, ?, 1, 1)";
      await data.orders.run(sql, orderId, newId(), newId());
      return orderId;
    },
  },
  "invoices.of-orders": {
    async damage(data) {
      const { id, number } = await order(data, "placed");
      await data.orders.run("INSERT INTO invoice_renditions VALUES (?, 'x', 'JVBERg==', 1)", id);
      return number;
    },
  },
  "coupons.uses": {
    async damage(data) {
      const id = newId();
      await data.orders.run(
        `INSERT INTO coupons (id, code, discount_kind, discount_value, minimum_subtotal, active, uses, version, created_at, updated_at)
         VALUES (?, 'MISCOUNTED', 'percent', 1000, 0, 1, 1, 1, 1, 1)`,
        id,
      );
      return id;
    },
  },
  "orders.total": {
    also: ["parts.merchants", "statistics.orders"],
    async damage(data) {
      const { id, number } = await order(data, "placed");
      await data.orders.run("UPDATE orders SET shipping = shipping + 1 WHERE id = ?", id);
      return number;
    },
  },
  "orders.timeline": {
    async damage(data) {
      const { id, number } = await order(data, "paid");
      await data.orders.run(
        "UPDATE timeline SET order_version = 0 WHERE order_id = ? AND order_version = 1",
        id,
      );
      return number;
    },
  },
  "orders.status": {
    also: ["parts.status"],
    async damage(data) {
      const { id, number } = await order(data, "paid");
      await data.orders.run("UPDATE orders SET status = 'delivered' WHERE id = ?", id);
      return number;
    },
  },
  "orders.pay-before": {
    async damage(data) {
      const { id, number } = await order(data, "cancelled");
      await data.orders.run("UPDATE orders SET pay_before = ? WHERE id = ?", Date.now() + minute, id);
      return number;
    },
  },
  "orders.expire-in-time": {
    async damage(data) {
      const { id, number } = await order(data, "placed");
      await data.orders.run("UPDATE orders SET pay_before = 1 WHERE id = ?", id);
      return number;
    },
  },
  "orders.none-overdue": {
    settled: true,
    async damage(data) {
      const { id, number } = await order(data, "placed");
      await data.orders.run("UPDATE orders SET pay_before = ? WHERE id = ?", Date.now() - 1000, id);
      return number;
    },
  },
  "checkouts.one-order-per-key": {
    async damage(data) {
      const { id, customer_id: customerId } = await order(data, "paid");
      const key = "SELECT idempotency_key AS used FROM checkouts WHERE order_id = ?";
      const { used } = await one<{ used: string }>(data.orders, key, id);
      const sql = `INSERT INTO checkouts (order_id, customer_id, idempotency_key, fingerprint, state, claim_until, claimed_at)
        VALUES (?, ?, ?, ?, 'abandoned', 1, 1)`;
      await data.orders.run(sql, newId(), customerId, used, "f".repeat(64));
      return used;
    },
  },
  "checkouts.placed": {
    async damage(data) {
      const { id, number } = await order(data, "paid");
      await data.orders.run("UPDATE checkouts SET response = NULL WHERE order_id = ?", id);
      return number;
    },
  },
  "checkouts.remembered": {
    async damage(data) {
      const { id, number } = await order(data, "paid");
      await data.orders.run("DELETE FROM checkouts WHERE order_id = ?", id);
      return number;
    },
  },
  "orders.cart-ordered-once": {
    async damage(data) {
      const { id, number } = await order(data, "paid");
      await data.orders.run("DELETE FROM ordered_carts WHERE order_id = ?", id);
      return number;
    },
  },
  "payments.paid-once": {
    async damage(data) {
      const { id, number } = await order(data, "paid");
      await copy(data, "payments", id, {});
      return number;
    },
  },
  "payments.of-orders": {
    async damage(data) {
      const { id } = await order(data, "paid");
      const lost = newId();
      await copy(data, "payments", id, { order_id: lost });
      return lost;
    },
  },
  "payments.late-go-back": {
    also: ["audit.refunds"],
    async damage(data) {
      const { id } = await order(data, "paid");
      const paymentId = await copy(data, "payments", id, { refunded: 1 });
      const refunded = await one<{ order_id: string }>(data.orders, "SELECT order_id FROM refunds");
      await copy(data, "refunds", refunded.order_id, {
        order_id: id,
        payment_id: paymentId,
        amount: 1,
        cause: "late-payment",
      });
      return paymentId;
    },
  },
  "payments.balance": {
    async damage(data) {
      const { id } = await order(data, "paid");
      await data.orders.run("UPDATE payments SET refunded = 1 WHERE order_id = ?", id);
      return id;
    },
  },
  "payments.mismatched": {
    async damage(data) {
      const { id } = await order(data, "paid");
      return copy(data, "payments", id, {
        status: "mismatched",
        received_amount: 1,
        received_currency: "GBP",
      });
    },
  },
  "refunds.of-returns": {
    also: ["keys.remembered"],
    async damage(data) {
      const refund =
        "SELECT f.id, o.number FROM refunds f JOIN orders o ON o.id = f.order_id WHERE f.cause = 'return'";
      const { id, number } = await one<{ id: string; number: string }>(data.orders, refund);
      await data.orders.run("UPDATE refunds SET cause = 'staff' WHERE id = ?", id);
      return number;
    },
  },
  "refunds.of-payments": {
    async damage(data) {
      const { id } = await one<{ id: string }>(data.orders, "SELECT id FROM refunds");
      await data.orders.run("UPDATE refunds SET currency = 'XXX' WHERE id = ?", id);
      return id;
    },
  },
  "refunds.given": {
    settled: true,
    also: ["statistics.orders"],
    async damage(data) {
      const { id } = await one<{ id: string }>(data.orders, "SELECT id FROM refunds");
      await data.orders.run(
        "UPDATE refunds SET status = 'requested', settled_at = NULL, next_try_at = 1 WHERE id = ?",
        id,
      );
      return id;
    },
  },
  "payments.queried": {
    settled: true,
    async damage(data) {
      const { id } = await one<{ id: string }>(data.orders, "SELECT id FROM payments");
      await data.orders.run("UPDATE payments SET query_at = 1 WHERE id = ?", id);
      return id;
    },
  },
  "refunds.failed": {
    also: ["statistics.orders"],
    async damage(data) {
      const { id } = await one<{ id: string }>(data.orders, "SELECT id FROM refunds");
      await data.orders.run("UPDATE refunds SET status = 'failed' WHERE id = ?", id);
      return id;
    },
  },
  "audit.refunds": {
    also: ["audit.chain"],
    async damage(data) {
      const { order_id: id } = await one<{ order_id: string }>(data.orders, "SELECT order_id FROM refunds");
      const sql =
        "UPDATE audit_events SET entity_id = ? WHERE entity_id = ? AND type = 'orders.refund-requested'";
      await data.audit.run(sql, newId(), id);
      return id;
    },
  },
  "payments.refunded": {
    also: ["parts.sum"],
    async damage(data) {
      const { id, number } = await order(data, "paid");
      await data.orders.run("UPDATE orders SET refunded = 1 WHERE id = ?", id);
      return number;
    },
  },
  "shipments.goods": {
    async damage(data) {
      const shipped = "SELECT id, order_id, sku FROM order_lines WHERE shipped_quantity > delivered_quantity";
      const { id, sku } = await one<{ id: string; sku: string }>(data.orders, shipped);
      await data.orders.run(
        "UPDATE order_lines SET delivered_quantity = delivered_quantity + 1 WHERE id = ?",
        id,
      );
      return sku;
    },
  },
  "shipments.whereabouts": {
    async damage(data) {
      const sql = "SELECT id, sku FROM order_lines WHERE withdrawn_quantity = returned_quantity";
      const { id, sku } = await one<{ id: string; sku: string }>(data.orders, sql);
      await data.orders.run(
        "UPDATE order_lines SET withdrawn_quantity = returned_quantity + 1 WHERE id = ?",
        id,
      );
      return sku;
    },
  },
  "audit.entries": {
    also: ["audit.chain"],
    async damage(data) {
      const { id } = await one<{ id: string }>(
        data.audit,
        "SELECT id FROM audit_events WHERE type = 'catalog.changed'",
      );
      await data.audit.run("UPDATE audit_events SET entity_id = NULL WHERE id = ?", id);
      return id;
    },
  },
  "audit.chain": {
    async damage(data) {
      const { id } = await one<{ id: string }>(
        data.audit,
        "SELECT id FROM audit_events WHERE position > 10 ORDER BY position",
      );
      await data.audit.run("UPDATE audit_events SET details = '{}' WHERE id = ?", id);
      return id;
    },
  },
  "carts.items-have-carts": {
    async damage(data) {
      const cartId = newId();
      const { variant_id: variantId } = await unsold(data);
      await data.cart.run("INSERT INTO cart_items VALUES (?, ?, ?, 1, 1, 'GBP')", newId(), cartId, variantId);
      return cartId;
    },
  },
  "carts.quantities": {
    async damage(data) {
      const { id } = await one<{ id: string }>(data.cart, "SELECT id FROM carts");
      const { variant_id: variantId } = await unsold(data);
      await data.cart.run("INSERT INTO cart_items VALUES (?, ?, ?, 0, 1, 'GBP')", newId(), id, variantId);
      return id;
    },
  },
  "carts.one-owner": {
    async damage(data) {
      const { id } = await one<{ id: string }>(
        data.cart,
        "SELECT id FROM carts WHERE customer_id IS NOT NULL",
      );
      await data.cart.run("UPDATE carts SET token_hash = 'x' WHERE id = ?", id);
      return id;
    },
  },
  "orders.reservations": {
    async damage(data) {
      const { id, number } = await order(data, "placed");
      await data.catalog.run(
        "UPDATE reservations SET status = 'held', lease_until = ? WHERE order_id = ?",
        Date.now() + minute,
        id,
      );
      return number;
    },
  },
  "orders.reserved-lines": {
    async damage(data) {
      const { id, number } = await order(data, "paid");
      await data.catalog.run(
        "UPDATE reservation_lines SET unit_price = unit_price + 1 WHERE order_id = ?",
        id,
      );
      return number;
    },
  },
  "audit.orders": {
    also: ["audit.chain"],
    async damage(data) {
      const { id } = await order(data, "paid");
      await data.audit.run(
        "UPDATE audit_events SET entity_id = ? WHERE entity_id = ? AND type = 'orders.paid'",
        newId(),
        id,
      );
      return id;
    },
  },
  "events.reach-everyone": {
    // With queues, the orders service's outbox keeps events and is compared too.
    also: Object.keys(clusterSettings()).length > 0 ? ["events.taken-in"] : [],
    async damage(data) {
      const { id } = await one<{ id: string }>(
        data.audit,
        "SELECT id FROM audit_events WHERE type = 'orders.placed'",
      );
      await data.cart.run("DELETE FROM inbox WHERE event_id = ?", id);
      return id;
    },
  },
  "carts.ordered": {
    async damage(data) {
      const { id, number, cart_id: cartId } = await order(data, "paid");
      const version = "SELECT cart_version FROM ordered_carts WHERE order_id = ?";
      const { cart_version: ordered } = await one<{ cart_version: number }>(data.orders, version, id);
      await data.cart.run("UPDATE carts SET version = ? WHERE id = ?", ordered, cartId);
      return number;
    },
  },
};

const codeOf = (kind: string) => kind.replace(/:.*/, "");

async function allCodes(): Promise<string[]> {
  const shop = await installedShop(loadConfig({}));
  return [...shop.services.flatMap(({ invariants }) => invariants), ...crossServiceInvariants(shop)].map(
    ({ code }) => code,
  );
}

test("every invariant has a code of its own and a test that breaks it", async () => {
  expect([...new Set(Object.keys(damages).map(codeOf))].sort()).toEqual(
    [...new Set(await allCodes())].sort(),
  );
  const codes = [...(await allCodes()), ...Object.values(queueInvariants).map(({ code }) => code)];
  const shared = codes.filter((code) => /^(?:events|tasks|images)\./.test(code));
  expect(new Set(codes).size).toBe(codes.length - (shared.length - new Set(shared).size));
});

test("queues that are not empty are found, those of dead letters always, the others when nothing should be under way", () => {
  const depths = [
    { service: "audit", waiting: 2, dead: 1 },
    { service: "cart", waiting: 0, dead: 0 },
  ];
  const found = (settled: boolean) =>
    queueFindings(depths, settled).map(({ code, broken, rows }) => ({ code, broken, rows }));
  const dead = { code: "queues.no-dead-letters", broken: 1, rows: [{ service: "audit", events: 1 }] };
  expect(found(false)).toEqual([dead]);
  expect(found(true)).toEqual([
    dead,
    { code: "queues.empty", broken: 2, rows: [{ service: "audit", events: 2 }] },
  ]);
});

describe("data that were damaged", () => {
  let shop: Shop;
  let config: Config;
  let tighten: () => Promise<void>;
  let stopped: RollingBack;

  beforeAll(async () => {
    const env = { SWEEP_INTERVAL_SECONDS: "1" };
    shop = await startShop({ services: dataServices, env });
    // Damage to databases leaves the queues as they are.
    config = { ...configOf(shop.broker), amqpUrl: undefined };
    const busy = new ShopTraffic(shop.broker, randomFrom(11));
    await busy.stock(500, 500, 500);
    await busy.issue(5, 15, 1000);
    await Promise.all(Array.from({ length: 60 }, () => busy.visit()));
    await busy.stock(0);
    await reviewsOf(busy);
    await busy.refundsSettled();
    await peopleOf(shop);
    await complain(shop);
    await guestsOf(busy);
    await busy.until(ordersKnowAfterSales);
    await busy.refundsSettled();
    await busy.settled();
    await shop.broker.stop();
    tighten = await loosen(config, ["stock_adds_up", "stock_not_negative", "checkouts_key"]);
    stopped = new RollingBack(config);
  }, 600_000);
  afterAll(async () => {
    await stopped?.close();
    await tighten();
    await shop.stop();
  });

  /** What still waits for orders would be overdue after a while. */
  async function ordersKnowAfterSales(): Promise<boolean> {
    const { database } = shop.broker.getLocalService("after-sales") as Service & ServiceWithDatabase;
    const sql = "SELECT id FROM after_sales WHERE hold_at < ? OR refund_at < ?";
    return (await database.select(sql, [never, never])).length === 0;
  }

  test("were in order before", async () => {
    const report = await stopped.run((data) =>
      verifyData(configOf(shop.broker), data, { settled: true, patienceMs: 0 }),
    );
    expect(report.findings.filter(({ broken }) => broken > 0)).toEqual([]);
  });

  test.each(Object.entries(damages))(
    "%s is found broken, and nothing else",
    async (kind, { damage, settled = false, also = [] }) => {
      const code = codeOf(kind);
      await stopped.run(async (data) => {
        const named = await damage(data);
        const { findings } = await verifyData(config, data, { settled, patienceMs: 0 });
        const broken = findings.filter((finding) => finding.broken > 0);
        expect(broken.map((finding) => finding.code).sort()).toEqual([code, ...also].sort());
        const rows = broken.find((finding) => finding.code === code)?.rows ?? [];
        expect(rows.flatMap((row) => Object.values(row))).toContain(named);
      });
    },
  );

  test("a checkout that was given up, taken back and then ruled out is as it should be", async () => {
    await stopped.run(async (data) => {
      // An expired claim without a holder.
      const sql =
        "INSERT INTO checkouts (order_id, customer_id, idempotency_key, fingerprint, state, claim_until, claimed_at) SELECT ?, customer_id, ?, fingerprint, 'abandoned', 0, claimed_at FROM checkouts WHERE customer_id <> '-' LIMIT 1";
      await data.orders.run(sql, newId(), newId());
      expect(
        (await verifyData(config, data, { patienceMs: 0 })).findings.filter(({ broken }) => broken > 0),
      ).toEqual([]);
    });
  });

  /** Removes the trail's start up to a refund, as retention does. */
  async function removeBeginning({ audit }: Data, { checkpoint }: { checkpoint: boolean }): Promise<void> {
    const end = "SELECT position, hash FROM audit_events WHERE type = 'orders.refunded' ORDER BY position";
    const { position, hash } = await one<{ position: number; hash: string }>(audit, end);
    const removed = `FROM audit_events WHERE position <= ${position}`;
    const { oldest, newest } = await one<{ oldest: number; newest: number }>(
      audit,
      `SELECT MIN(occurred_at) AS oldest, MAX(occurred_at) AS newest ${removed}`,
    );
    const sql =
      "INSERT INTO audit_checkpoints (removed_from, position, hash, oldest, newest, seal, created_at) VALUES (0, ?, ?, ?, ?, ?, 1)";
    if (checkpoint) await audit.run(sql, position, hash, oldest, newest, "0".repeat(64));
    await audit.run(`DELETE ${removed}`);
  }
  const brokenCodes = async (data: Data) => {
    const { findings } = await verifyData(config, data, { settled: true, patienceMs: 0 });
    return findings
      .filter(({ broken }) => broken > 0)
      .map(({ code }) => code)
      .sort();
  };
  const missing = ["audit.accounts", "audit.orders", "audit.refunds", "events.reach-everyone"];

  test("entries removed by age are not reported as missing; without a checkpoint, they are", async () => {
    await stopped.run(async (data) => {
      await removeBeginning(data, { checkpoint: true });
      expect(await brokenCodes(data)).toEqual([]);
    });
    await stopped.run(async (data) => {
      await removeBeginning(data, { checkpoint: false });
      expect(await brokenCodes(data)).toEqual(["audit.chain", ...missing].sort());
    });
  });

  test("a checkpoint excuses missing entries up to its age only", async () => {
    await stopped.run(async (data) => {
      await removeBeginning(data, { checkpoint: true });
      // Claims that all covered events are older than the shop.
      await data.audit.run("UPDATE audit_checkpoints SET newest = 1");
      expect(await brokenCodes(data)).toEqual(missing);
    });
    await stopped.run(async (data) => {
      await removeBeginning(data, { checkpoint: true });
      await data.audit.run("UPDATE audit_checkpoints SET hash = ?", "f".repeat(64));
      expect(await brokenCodes(data)).toEqual(["audit.chain"]);
    });
    await stopped.run(async (data) => {
      await removeBeginning(data, { checkpoint: true });
      const { id } = await one<{ id: string }>(
        data.audit,
        "SELECT id FROM audit_events WHERE type LIKE 'orders.%' ORDER BY position",
      );
      await data.audit.run("DELETE FROM audit_events WHERE id = ?", id);
      expect(await brokenCodes(data)).toContain("audit.chain");
    });
  });

  test("steps that an order did not take are found, however old the order", async () => {
    await stopped.run(async (data) => {
      await removeBeginning(data, { checkpoint: true });
      const neverPacked =
        "SELECT id FROM orders WHERE id NOT IN (SELECT order_id FROM timeline WHERE event = 'packed') ORDER BY id";
      const { id: orderId } = await one<{ id: string }>(data.orders, neverPacked);
      const { id } = await one<{ id: string }>(
        data.audit,
        "SELECT id FROM audit_events ORDER BY position DESC",
      );
      await data.audit.run(
        "UPDATE audit_events SET entity = 'order', entity_id = ?, type = 'orders.packed' WHERE id = ?",
        orderId,
        id,
      );
      const { findings } = await verifyData(config, data, { settled: true, patienceMs: 0 });
      const rows = findings.find(({ code }) => code === "audit.orders")?.rows;
      expect(rows).toContainEqual({ orderId, event: "orders.packed", timeline: 0, audit: 1 });
    });
  });

  test("an order whose event waits in an outbox is not judged, unless nothing should be under way", async () => {
    await stopped.run(async (data) => {
      const { id: orderId } = await order(data, "placed");
      await damages["orders.reservations"]?.damage(data);
      const id = newId();
      const envelope = JSON.stringify({ id, name: "orders.placed", occurredAt: 1, payload: { orderId } });
      await data.orders.run(
        "INSERT INTO outbox (id, envelope, status, attempts, due_at) VALUES (?, ?, 'waiting', 0, 1)",
        id,
        envelope,
      );
      const report = await verifyData(config, data, { patienceMs: 0 });
      expect(report).toMatchObject({ ok: true, underWay: 1 });
      expect(reportText(report)).toContain("1 not judged");
      const settled = await verifyData(config, data, { settled: true, patienceMs: 0 });
      const broken = settled.findings.filter((finding) => finding.broken > 0).map(({ code }) => code);
      expect(broken.sort()).toEqual(["events.all-delivered", "orders.reservations"]);
    });
  });

  test("a transient disagreement is not a violation", async () => {
    await stopped.run(async (data) => {
      let asked = 0;
      const behind = Object.assign(Object.create(data.audit) as RolledBackDatabase, {
        select: (sql: string, values: string[]) => {
          const isFirst = sql.includes("GROUP BY entity_id, type") && (asked += 1) === 1;
          return isFirst ? Promise.resolve([]) : data.audit.select(sql, values);
        },
      });
      expect(await verifyData(config, { ...data, audit: behind }, { patienceMs: 10_000 })).toMatchObject({
        ok: true,
        underWay: 0,
      });
      expect(asked).toBe(2);
    });
  });
});
