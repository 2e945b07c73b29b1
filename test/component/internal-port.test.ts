import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { startDraining } from "../../mixins/service/lifecycle.ts";
import { internalAddress } from "../../mixins/service/admin-port.ts";
import type { Shop } from "../support/shop.ts";
import { operator, startShop } from "../support/shop.ts";
import { stockedMug } from "../support/stocked-mug.ts";

const internalUrl = (shop: Shop) => `http://127.0.0.1:${internalAddress(shop.broker)?.port}`;

/** Value of a series by its name and labels; undefined if missing. */
async function metric(
  shop: Shop,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<number | undefined> {
  const text = await (await fetch(`${internalUrl(shop)}/metrics`)).text();
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  const line = text
    .split("\n")
    .find(
      (one) =>
        (one.startsWith(`${name}{`) || one.startsWith(`${name} `)) &&
        wanted.every((part) => one.includes(part)),
    );
  return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(" ") + 1));
}

describe("the internal port", () => {
  let shop: Shop;
  let variantId: string;
  let token: string;
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${shop.url}/api/v1${path}`, { headers });
  const post = async (path: string, body: object, headers: Record<string, string> = {}) =>
    fetch(`${shop.url}/api/v1${path}`, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "content-type": "application/json", ...headers },
    });

  beforeAll(async () => {
    shop = await startShop({
      env: {
        INTERNAL_PORT: "0",
        SHIPPING_MINOR: "0",
        RATE_LIMIT_EXEMPT: "192.0.2.1",
        RATE_LIMIT_EXPENSIVE: "3",
      },
    });
    variantId = await stockedMug(shop, { quantity: 50, priceMinor: 2500 });
    const account = { email: "ada@example.org", password: "correct horse battery" };
    await post("/auth/register", { ...account, name: "Ada" });
    const { accessToken } = (await (await post("/auth/login", account)).json()) as { accessToken: string };
    token = accessToken;
  });
  afterAll(() => shop?.stop());

  const placeOrder = async () => {
    const cart = (await (await post("/carts", {})).json()) as { id: string; token: string };
    await post(`/carts/${cart.id}/items`, { variantId, quantity: 2 }, { "x-cart-token": cart.token });
    const address = { name: "Ada", line1: "1 Row", city: "London", postalCode: "N1 1AA", country: "GB" };
    const order = { cartId: cart.id, total: { amount: 5000, currency: "GBP" }, shippingAddress: address };
    const placed = await post("/orders", order, {
      authorization: `Bearer ${token}`,
      "x-cart-token": cart.token,
      "idempotency-key": cart.id,
    });
    return (await placed.json()) as { id: string };
  };

  test("tells that the node lives, and that it is ready once it is", async () => {
    expect((await fetch(`${internalUrl(shop)}/live`)).status).toBe(200);
    const ready = await fetch(`${internalUrl(shop)}/ready`);
    expect(ready.status).toBe(200);
    expect(await ready.json()).toEqual(await (await fetch(`${shop.url}/health/ready`)).json());
  });

  test("gives nothing else, and takes nothing", async () => {
    expect((await fetch(`${internalUrl(shop)}/api/v1/products`)).status).toBe(404);
    expect((await fetch(`${internalUrl(shop)}/metrics`, { method: "POST" })).status).toBe(405);
    for (const path of ["/metrics", "/live", "/ready"])
      expect((await fetch(`${shop.url}${path}`)).status).toBe(404);
  });

  test("requests are counted by route, status and code, not by client-controlled labels", async () => {
    const notFound = (await metric(shop, "shop_http_requests_total", { route: "none", status: "404" })) ?? 0;
    const kept = { method: "GET", route: "/api/v1/products/{idOrSlug}", status: "200" };
    for (let turn = 0; turn < 3; turn += 1) await get("/products/mug");
    await get("/products/there-is-no-such-product");
    await get("/no/such/path/unlabelled-4711");
    expect(await metric(shop, "shop_http_requests_total", kept)).toBe(3);
    expect(await metric(shop, "shop_http_request_duration_seconds_count", { route: kept.route })).toBe(4);
    expect(await metric(shop, "shop_http_errors_total", { route: kept.route, code: "not-found" })).toBe(1);
    expect(await metric(shop, "shop_http_requests_total", { route: "none", status: "404" })).toBe(
      notFound + 1,
    );
    expect(await metric(shop, "shop_http_kept_answers_total", { from: "bytes" })).toBe(2);
    const all = await (await fetch(`${internalUrl(shop)}/metrics`)).text();
    expect(all).not.toContain("unlabelled-4711");
    expect(all).not.toContain(variantId);
    expect(all).not.toContain("ada@example.org");
  });

  test("actions are counted by outcome, and queued ones report their queue", async () => {
    await post("/auth/login", { email: "ada@example.org", password: "wrong horse battery" });
    expect(
      await metric(shop, "shop_action_errors_total", { action: "users.login", code: "invalid-credentials" }),
    ).toBe(1);
    expect(await metric(shop, "shop_action_duration_seconds_count", { action: "users.login" })).toBe(2);
    expect(await metric(shop, "shop_action_waiting", { action: "users.login" })).toBe(0);
    expect(await metric(shop, "shop_action_running", { action: "users.login" })).toBe(0);
  });

  test("orders and money are counted when they are committed, once", async () => {
    const { id } = await placeOrder();
    await placeOrder();
    await shop.call(
      "orders.payments.record",
      { id, idempotencyKey: "paid", provider: "manual" },
      { as: operator },
    );
    expect(await metric(shop, "shop_orders_total", { what: "placed" })).toBe(2);
    expect(await metric(shop, "shop_orders_total", { what: "paid" })).toBe(1);
    expect(await metric(shop, "shop_orders_total", { what: "cancelled" })).toBe(0);
    expect(await metric(shop, "shop_ordered_minor_units_total", { currency: "GBP" })).toBe(10_000);
    expect(await metric(shop, "shop_revenue_minor_units_total", { currency: "GBP" })).toBe(5000);
    expect(await metric(shop, "shop_events_published_total", { event: "orders.placed" })).toBe(2);
  });

  test("events are measured from commit to effect", async () => {
    await shop.settled();
    expect(await metric(shop, "shop_event_delay_seconds_count", { consumer: "audit" })).toBeGreaterThan(0);
    expect(await metric(shop, "shop_outbox_delay_seconds_count", { service: "orders" })).toBeGreaterThan(0);
  });

  test("rate-limited requests are counted by class", async () => {
    for (let turn = 0; turn < 5; turn += 1) await get("/orders/0190a000-0000-7000-8000-000000000000/invoice");
    expect(await metric(shop, "shop_http_rate_limited_total", { class: "expensive" })).toBe(2);
    expect(await metric(shop, "shop_http_rate_limited_total", { class: "reads" })).toBe(0);
    expect(await metric(shop, "shop_http_shed_total")).toBe(0);
  });

  test("the process tells of its memory, its event loop and its garbage", async () => {
    expect(await metric(shop, "process_resident_memory_bytes")).toBeGreaterThan(1e6);
    expect(await metric(shop, "nodejs_eventloop_lag_p99_seconds")).toBeGreaterThanOrEqual(0);
    expect(await metric(shop, "nodejs_heap_size_used_bytes")).toBeGreaterThan(1e6);
  });
});

describe("a node without a gateway", () => {
  test("is ready with its own services alone, and no more once it is to stop", async () => {
    const shop = await startShop({ services: ["catalog"], env: { INTERNAL_PORT: "0" } });
    try {
      const ready = await fetch(`${internalUrl(shop)}/ready`);
      expect(ready.status).toBe(200);
      const { checks } = (await ready.json()) as { checks: { name: string }[] };
      expect(checks.map(({ name }) => name)).toEqual(expect.arrayContaining(["node", "catalog"]));
      expect(checks.map(({ name }) => name)).not.toContain("orders");
      startDraining(shop.broker);
      expect((await fetch(`${internalUrl(shop)}/ready`)).status).toBe(503);
      expect((await fetch(`${internalUrl(shop)}/live`)).status).toBe(200);
      expect(await metric(shop, "shop_node_stopping")).toBe(1);
    } finally {
      await shop.stop();
    }
  });

  test("has no port and measures nothing unless it is told to", async () => {
    const shop = await startShop({ services: ["catalog"] });
    try {
      expect(internalAddress(shop.broker)).toBeUndefined();
    } finally {
      await shop.stop();
    }
  });

  test("does not start where another one has its port, and says so", async () => {
    const shop = await startShop({ services: ["catalog"], env: { INTERNAL_PORT: "0" } });
    try {
      const taken = String(internalAddress(shop.broker)?.port);
      await expect(startShop({ services: ["cart"], env: { INTERNAL_PORT: taken } })).rejects.toThrow(
        /INTERNAL_PORT: \d+ on 127\.0\.0\.1 is in use/,
      );
    } finally {
      await shop.stop();
    }
  });
});
