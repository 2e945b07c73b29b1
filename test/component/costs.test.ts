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
 * What use cases cost in statements, messages and bytes. A number here that grows makes every shop slower, one that
 * shrinks is to be written down: that is why they are exact. Times say nothing on a machine that does other things too.
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
      await shop.call("catalog.stock.change", { variantId, kind: "receive", quantity: 500, reason: "delivery" });
    // The keys are asked for once in the life of a gateway.
    await get("/me", bearer(await signIn()));
    await shop.settled();
    // Deliveries happen when they happen: they are counted by themselves, below.
    for (const service of shop.broker.services as (Service & { durableEvents?: DurableEvents })[]) await service.durableEvents?.stop();
  });
  afterAll(() => shop?.stop());

  const send = async (method: string, path: string, headers: Record<string, string>, body?: object): Promise<Answer> => {
    const init = body ? { body: JSON.stringify(body), headers: { ...headers, "content-type": "application/json" } } : { headers };
    const response = await fetch(`${shop.url}/api/v1${path}`, { method, ...init });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text) as Answer;
  };
  const get = (path: string, headers: Record<string, string> = {}) => send("GET", path, headers);
  const post = (path: string, body: object, headers: Record<string, string> = {}) => send("POST", path, headers, body);
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const signIn = async () => (await post("/auth/login", credentials)).accessToken;
  const databaseOf = (name: string) => {
    const service = shop.broker.getLocalService(name) as Service & ServiceWithDatabase;
    return service.database;
  };

  /** Someone new, so that their session is asked about once; later requests within a second save that message. */
  async function filledCart() {
    const customer = bearer(await signIn());
    const cart = await post("/carts", {});
    const mine = { "x-cart-token": cart.token };
    for (const variantId of variants) await post(`/carts/${cart.id}/items`, { variantId, quantity: 1 }, mine);
    return { customer, cart, mine };
  }
  const cost = (work: () => Promise<unknown>): Promise<Cost> => costOf(shop.broker, work);

  test("a list of products, not kept", async () => {
    // One statement for the page, whatever is in it.
    expect(await cost(() => get("/products?limit=10"))).toEqual({
      statements: { catalog: 1 },
      transactions: {},
      calls: ["catalog.products.list"],
      bytes: 302,
    });
  });

  test("a product, not kept", async () => {
    // The product, and all its variants with their stock.
    expect(await cost(() => get("/products/mug"))).toEqual({
      statements: { catalog: 2 },
      transactions: {},
      calls: ["catalog.products.get"],
      bytes: 908,
    });
  });

  test("a product that is kept costs nothing", async () => {
    await get("/products/mug?");
    expect(await cost(() => get("/products/mug?"))).toEqual({ statements: {}, transactions: {}, calls: [], bytes: 0 });
  });

  test("putting something into a cart", async () => {
    const { cart, mine } = await filledCart();
    // Looked at before the catalogue is asked; then locked, read, the item changed, the version counted on.
    expect(await cost(() => post(`/carts/${cart.id}/items`, { variantId: variants[0], quantity: 1 }, mine))).toEqual({
      statements: { cart: 5, catalog: 1 },
      transactions: { cart: 1 },
      calls: ["cart.items.add", "catalog.variants.lookup"],
      bytes: 1803,
    });
  });

  test("a cart", async () => {
    const { cart, mine } = await filledCart();
    expect(await cost(() => get(`/carts/${cart.id}`, mine))).toEqual({
      statements: { cart: 1, catalog: 1 },
      transactions: {},
      calls: ["cart.get", "catalog.variants.lookup"],
      bytes: 1739,
    });
  });

  test("a quote", async () => {
    const { cart, mine } = await filledCart();
    // Without a coupon the price is reckoned from what the cart and the catalogue said.
    expect(await cost(() => get(`/carts/${cart.id}/quote`, mine))).toEqual({
      statements: { cart: 1, catalog: 1 },
      transactions: {},
      calls: ["cart.quote", "catalog.variants.lookup", "orders.price"],
      bytes: 1380,
    });
  });

  test("a checkout, and what becomes of its event", async () => {
    const { cart, customer, mine } = await filledCart();
    const body = { cartId: cart.id, total, shippingAddress: address };
    // catalog: products and prices, accounts locked, earlier reservations; accounts, reservation, its lines, the ledger.
    // orders: the key is claimed by a statement alone; the transaction writes checkout with answer, cart, order, lines,
    // timeline and event.
    expect(await cost(() => post("/orders", body, { ...customer, ...mine, "idempotency-key": "k-1" }))).toEqual({
      statements: { cart: 1, catalog: 7, orders: 7, users: 1 },
      transactions: { catalog: 1, orders: 1 },
      calls: ["users.sessions.check", "orders.place", "cart.snapshot", "catalog.stock.reserve"],
      // Of these, 19 tell the gateway which keys of access tokens there are.
      bytes: 3060,
    });
    // In each service one transaction, with the row that keeps it from being taken in twice; the audit trail's chain is
    // locked and moved on.
    expect(await cost(delivery)).toEqual({
      statements: { audit: 4, cart: 5, catalog: 2 },
      transactions: { audit: 1, cart: 1, catalog: 1 },
      calls: [],
      bytes: 0,
    });
  });

  test("a payment that staff records, and what becomes of its event", async () => {
    const { cart, customer, mine } = await filledCart();
    const body = { cartId: cart.id, total, shippingAddress: address };
    const order = await post("/orders", body, { ...customer, ...mine, "idempotency-key": "k-2" });
    await delivery();
    const staff = bearer(await signIn());
    expect(await cost(() => post(`/orders/${order.id}/payments`, {}, { ...staff, "idempotency-key": "k-3" }))).toEqual({
      statements: { orders: 8, users: 1 },
      transactions: { orders: 1 },
      calls: ["users.sessions.check", "orders.payments.record"],
      bytes: 700,
    });
    expect(await cost(delivery)).toEqual({
      statements: { audit: 4, catalog: 7 },
      transactions: { audit: 1, catalog: 1 },
      calls: [],
      bytes: 0,
    });
  });

  test("a login", async () => {
    // The account, and whether it has a second factor; the other four are written together.
    expect(await cost(signIn)).toEqual({
      statements: { users: 6 },
      transactions: { users: 1 },
      calls: ["users.login"],
      bytes: 947,
    });
  });

  /** Hands on the events of orders that wait, as the outbox's relay would. */
  async function delivery(): Promise<void> {
    const outbox = databaseOf("orders");
    const rows = await outbox.sequelize.query("SELECT envelope FROM outbox WHERE status = 'waiting' ORDER BY id");
    const envelopes = (rows[0] as { envelope: string }[]).map(({ envelope }) => JSON.parse(envelope) as EventEnvelope);
    const faults = await deliver(shop.broker, envelopes.slice(delivered));
    delivered = envelopes.length;
    expect(faults.every((fault) => fault === undefined)).toBe(true);
  }
  let delivered = 0;
});
