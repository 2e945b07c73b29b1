import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Service } from "moleculer";
import type { ServiceWithDatabase } from "../../mixins/database/database.mixin.ts";
import type { DurableEvents } from "../../mixins/events/durable-events.ts";
import type { EventEnvelope } from "../../mixins/events/envelope.ts";
import type { Cost } from "../support/costs.ts";
import { costOf } from "../support/costs.ts";
import type { Shop } from "../support/shop.ts";
import { deliver, startShop } from "../support/shop.ts";

/**
 * Costs of use cases in statements, messages and bytes. The figures are exact, so that each increase is
 * noticed and each decrease recorded. Times are not measured, since other load on the machine distorts them.
 */

const credentials = { email: "admin@shop.example", password: "a long enough one" };
const address = { name: "Ada", line1: "1 Street", city: "London", postalCode: "N1 1AA", country: "GB" };
const total = { amount: 5000, currency: "GBP" };

interface Answer {
  readonly id: string;
  readonly token: string;
  readonly accessToken: string;
}

describe("the costs of use cases", () => {
  let shop: Shop;
  let variants: string[];

  beforeAll(async () => {
    shop = await startShop({ env: { SWEEP_INTERVAL_SECONDS: "3600", SHIPPING_MINOR: "0" } });
    await shop.call("users.administrator.ensure", credentials);
    const product = { slug: "mug", name: "Mug", status: "published" } as const;
    const made = await shop.call("catalog.products.create", {
      ...product,
      variants: ["S", "L"].map((size) => ({ sku: `MUG-${size}`, priceMinor: 2500, options: { size } })),
    });
    variants = made.variants.map(({ id }) => id);
    for (const variantId of variants)
      await shop.call("catalog.stock.change", {
        variantId,
        kind: "receive",
        quantity: 500,
        reason: "delivery",
      });
    // A gateway fetches the keys once.
    await get("/me", bearer(await signIn()));
    await shop.settled();
    // Deliveries are asynchronous and counted separately below.
    for (const service of shop.broker.services as (Service & { durableEvents?: DurableEvents })[])
      await service.durableEvents?.stop();
  });
  afterAll(() => shop?.stop());

  const send = async (
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: object,
  ): Promise<Answer> => {
    const init = body
      ? { body: JSON.stringify(body), headers: { ...headers, "content-type": "application/json" } }
      : { headers };
    const response = await fetch(`${shop.url}/api/v1${path}`, { method, ...init });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text) as Answer;
  };
  const get = (path: string, headers: Record<string, string> = {}) => send("GET", path, headers);
  const post = (path: string, body: object, headers: Record<string, string> = {}) =>
    send("POST", path, headers, body);
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const signIn = async () => (await post("/auth/login", credentials)).accessToken;
  const databaseOf = (name: string) => {
    const service = shop.broker.getLocalService(name) as Service & ServiceWithDatabase;
    return service.database;
  };

  /**
   * A new customer, so that the session is looked up once; requests within the next second save that message.
   */
  async function filledCart() {
    const customer = bearer(await signIn());
    const cart = await post("/carts", {});
    const mine = { "x-cart-token": cart.token };
    for (const variantId of variants) await post(`/carts/${cart.id}/items`, { variantId, quantity: 1 }, mine);
    return { customer, cart, mine };
  }
  const cost = (work: () => Promise<unknown>): Promise<Cost> => costOf(shop.broker, work);

  test("a list of products, uncached", async () => {
    // One statement per page, whatever its contents. Whether merchants are off sale is in memory for a second.
    await get("/products?limit=5");
    expect(await cost(() => get("/products?limit=10"))).toEqual({
      statements: { catalog: 1 },
      transactions: {},
      calls: ["catalog.products.list"],
      bytes: 484,
    });
  });

  test("a product, uncached", async () => {
    // The product, and all its variants with stock.
    // The definitions of attributes are in memory from then on.
    await shop.call("catalog.products.get", { idOrSlug: "mug" });
    expect(await cost(() => get("/products/mug"))).toEqual({
      statements: { catalog: 2 },
      transactions: {},
      calls: ["catalog.products.get"],
      bytes: 1156,
    });
  });

  test("a cached product costs nothing", async () => {
    await get("/products/mug?");
    expect(await cost(() => get("/products/mug?"))).toEqual({
      statements: {},
      transactions: {},
      calls: [],
      bytes: 0,
    });
  });

  test("putting something into a cart", async () => {
    const { cart, mine } = await filledCart();
    // Read before the catalogue is called; then locked, read, the item changed, the version incremented.
    expect(
      await cost(() => post(`/carts/${cart.id}/items`, { variantId: variants[0], quantity: 1 }, mine)),
    ).toEqual({
      statements: { cart: 5, catalog: 1 },
      transactions: { cart: 1 },
      calls: ["cart.items.add", "catalog.variants.lookup"],
      bytes: 1913,
    });
  });

  test("a cart", async () => {
    const { cart, mine } = await filledCart();
    expect(await cost(() => get(`/carts/${cart.id}`, mine))).toEqual({
      statements: { cart: 1, catalog: 1 },
      transactions: {},
      calls: ["cart.get", "catalog.variants.lookup"],
      bytes: 1849,
    });
  });

  test("a quote", async () => {
    const { cart, mine } = await filledCart();
    // Without a coupon, the price is computed from cart and catalogue.
    expect(await cost(() => get(`/carts/${cart.id}/quote`, mine))).toEqual({
      statements: { cart: 1, catalog: 1 },
      transactions: {},
      calls: ["cart.quote", "catalog.variants.lookup", "orders.price"],
      bytes: 1924,
    });
  });

  test("a checkout and the consumers of its event", async () => {
    const { cart, customer, mine } = await filledCart();
    const body = { cartId: cart.id, total, shippingAddress: address };
    // catalog: products and prices, accounts locked, earlier reservations; accounts, reservation, its lines, the ledger.
    // orders: the key is claimed by a statement alone, unpaid orders are counted; the transaction writes checkout with answer, cart, order, lines,
    // timeline and event.
    expect(
      await cost(() => post("/orders", body, { ...customer, ...mine, "idempotency-key": "k-1" })),
    ).toEqual({
      statements: { cart: 1, catalog: 7, orders: 8, users: 1 },
      transactions: { catalog: 1, orders: 1 },
      calls: ["users.sessions.check", "orders.place", "cart.snapshot", "catalog.stock.reserve"],
      // 19 of these bytes tell the gateway the key ids of access tokens.
      // 505 describe the part of the order, and its lines' merchants.
      bytes: 3930,
    });
    // One transaction per service with its inbox row; the audit chain's head is locked and advanced.
    // catalog: the reservation, and the products that were ordered together.
    // webhooks: those that want it, of which there are none.
    // statistics: categories of the goods; the order's ledger locked, read and extended; the figures of its day.
    expect(await cost(delivery)).toEqual({
      statements: { audit: 4, cart: 5, catalog: 3, notifications: 4, statistics: 6, webhooks: 2 },
      transactions: { audit: 1, cart: 1, catalog: 1, notifications: 1, statistics: 1, webhooks: 1 },
      calls: [],
      bytes: 0,
    });
  });

  test("a coupon for some goods costs a checkout no more than one for all", async () => {
    const { id } = await shop.call("catalog.products.get", { idOrSlug: "mug" });
    const costs: Cost["statements"][] = [];
    for (const [code, scope] of [
      ["ALL", { kind: "all" as const }],
      ["SOME", { kind: "products" as const, ids: [id] }],
    ] satisfies [string, object][]) {
      const discount = { kind: "fixed" as const, amountMinor: 500 };
      await shop.call("orders.coupons.create", { code, discount, scope });
      const { cart, customer, mine } = await filledCart();
      await send("PUT", `/carts/${cart.id}/coupon`, mine, { code });
      const body = { cartId: cart.id, total: { ...total, amount: 4500 }, shippingAddress: address };
      const headers = { ...customer, ...mine, "idempotency-key": `k-${code}` };
      costs.push((await cost(() => post("/orders", body, headers))).statements);
      await delivery();
    }
    expect(costs).toEqual([costs[0], costs[0]]);
    expect(costs[0]).toMatchObject({ cart: 1, catalog: 7 });
  });

  test("a manual payment and the consumers of its event", async () => {
    const { cart, customer, mine } = await filledCart();
    const body = { cartId: cart.id, total, shippingAddress: address };
    const order = await post("/orders", body, { ...customer, ...mine, "idempotency-key": "k-2" });
    await delivery();
    const staff = bearer(await signIn());
    expect(
      await cost(() => post(`/orders/${order.id}/payments`, {}, { ...staff, "idempotency-key": "k-3" })),
    ).toEqual({
      statements: { orders: 8, users: 1 },
      transactions: { orders: 1 },
      calls: ["users.sessions.check", "orders.payments.record"],
      bytes: 899,
    });
    expect(await cost(delivery)).toEqual({
      statements: {
        audit: 4,
        catalog: 7,
        notifications: 4,
        reviews: 3,
        settlements: 1,
        statistics: 5,
        webhooks: 2,
      },
      transactions: {
        audit: 1,
        catalog: 1,
        notifications: 1,
        reviews: 1,
        settlements: 1,
        statistics: 1,
        webhooks: 1,
      },
      calls: [],
      bytes: 0,
    });
  });

  test("a login", async () => {
    // A login after five seconds without one also reads the signing keys.
    await signIn();
    // Reads the account and its second factor; the other four are writes in one transaction.
    expect(await cost(signIn)).toEqual({
      statements: { users: 6 },
      transactions: { users: 1 },
      calls: ["users.login"],
      bytes: 1238,
    });
  });

  /** Delivers pending order events like the outbox relay. */
  async function delivery(): Promise<void> {
    const outbox = databaseOf("orders");
    const rows = await outbox.sequelize.query(
      "SELECT envelope FROM outbox WHERE status = 'waiting' ORDER BY id",
    );
    const envelopes = (rows[0] as { envelope: string }[]).map(
      ({ envelope }) => JSON.parse(envelope) as EventEnvelope,
    );
    const faults = await deliver(shop.broker, envelopes.slice(delivered));
    delivered = envelopes.length;
    expect(faults.every((fault) => fault === undefined)).toBe(true);
  }
  let delivered = 0;
});
