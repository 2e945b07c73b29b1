import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { isTracing } from "../../mixins/observability/tracing/tracing.ts";
import { startNode, until } from "../cluster/processes.ts";
import { clusterSettingsFile } from "../support/cluster-shape.ts";
import type { Shop } from "../support/shop.ts";
import { startShop } from "../support/shop.ts";
import type { CollectedSpan } from "../support/trace-collector.ts";
import { TraceCollector } from "../support/trace-collector.ts";
import { serviceNames } from "../support/all-contracts.ts";
import { stockedMug } from "../support/stocked-mug.ts";

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const clientSpanId = "00f067aa0ba902b7";
/** Of the order's event. */
const consumers = ["audit", "cart", "catalog"];
const credentials = { email: "ada@example.org", password: "correct horse battery" };

describe("a checkout that is traced", () => {
  let collector: TraceCollector;
  let shop: Shop;
  let elsewhere: ChildProcess | undefined;
  let spans: CollectedSpan[] = [];
  const byId = (id: string | undefined) => spans.find(({ spanId }) => spanId === id);
  const named = (name: string) => spans.filter((span) => span.name === name);
  const only = (name: string) => {
    const found = named(name);
    expect(found.map((span) => span.name)).toEqual([name]);
    return found[0] as CollectedSpan;
  };
  /** Names of a span's ancestors, outermost first. */
  const pathOf = (span: CollectedSpan | undefined): string[] =>
    span ? [...pathOf(byId(span.parentSpanId)), span.name] : [];

  const post = (path: string, body: object, headers: Record<string, string> = {}) =>
    fetch(`${shop.url}/api/v1${path}`, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "content-type": "application/json", ...headers },
    });

  beforeAll(async () => {
    collector = await TraceCollector.start();
    const environment = {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_HEADERS: "x-collector-key=of the test".replaceAll(" ", "-"),
      SHIPPING_MINOR: "0",
    };
    // Over real servers, two services are in a process of their own.
    const environmentFile = clusterSettingsFile();
    const here = serviceNames.filter((name) => !environmentFile || !["catalog", "audit"].includes(name));
    shop = await startShop({ services: here, env: environment });
    if (environmentFile) elsewhere = startNode(["catalog,audit"], { environmentFile, environment });
    await until(async () => (await fetch(`${shop.url}/health/ready`)).ok);
    const variantId = await stockedMug(shop, { quantity: 5, priceMinor: 2500 });
    await post("/auth/register", { ...credentials, name: "Ada" });
    const { accessToken } = (await (await post("/auth/login", credentials)).json()) as {
      accessToken: string;
    };
    const cart = (await (await post("/carts", {})).json()) as { id: string; token: string };
    const mine = { "x-cart-token": cart.token };
    await post(`/carts/${cart.id}/items`, { variantId, quantity: 2 }, mine);
    const shippingAddress = {
      name: "Ada",
      line1: "1 Row",
      city: "London",
      postalCode: "N1 1AA",
      country: "GB",
    };
    const order = { cartId: cart.id, total: { amount: 5000, currency: "GBP" }, shippingAddress };
    const headers = {
      ...mine,
      authorization: `Bearer ${accessToken}`,
      "idempotency-key": "once",
      traceparent: `00-${traceId}-${clientSpanId}-01`,
    };
    expect((await post("/orders", order, headers)).status).toBe(201);

    const wanted = [
      ...consumers.map((consumer) => `${consumer} consumes orders.placed`),
      "POST /api/v1/orders",
    ];
    const ofTrace = () => collector.spans.filter((span) => span.traceId === traceId);
    await until(() => wanted.every((name) => ofTrace().some((span) => span.name === name)));
    spans = ofTrace();
  }, 240_000);
  afterAll(async () => {
    const gone = elsewhere && once(elsewhere, "exit");
    elsewhere?.kill("SIGTERM");
    await gone;
    await shop?.stop();
    await collector?.stop();
  }, 240_000);

  test("goes on with the trace of its client, at the gateway", () => {
    const request = only("POST /api/v1/orders");
    expect(request.parentSpanId).toBe(clientSpanId);
    expect(request.attributes).toMatchObject({
      "http.route": "/api/v1/orders",
      "http.response.status_code": "201",
    });
  });

  test("leads from the gateway to orders and from there to the others", () => {
    expect(pathOf(only("orders.place"))).toEqual(["POST /api/v1/orders", "orders.place"]);
    expect(pathOf(only("cart.snapshot"))).toEqual(["POST /api/v1/orders", "orders.place", "cart.snapshot"]);
    expect(pathOf(only("catalog.stock.reserve"))).toEqual([
      "POST /api/v1/orders",
      "orders.place",
      "catalog.stock.reserve",
    ]);
  });

  test("shows the statements that each made, and none of their values", () => {
    const written = only("INSERT orders");
    expect(pathOf(written)).toEqual(["POST /api/v1/orders", "orders.place", "transaction", "INSERT orders"]);
    expect(written.attributes["db.query.text"]).toContain("?");
    const reserved = spans.filter(
      (span) => span.name.endsWith("reservations") && pathOf(span).includes("catalog.stock.reserve"),
    );
    expect(reserved.length).toBeGreaterThan(0);
    const told = JSON.stringify(spans);
    for (const secret of ["ada@example.org", "London", credentials.password, "Bearer"])
      expect(told).not.toContain(secret);
  });

  test("continues in the consumers of its events", () => {
    for (const consumer of consumers) {
      const takesIn = only(`${consumer} consumes orders.placed`);
      expect(pathOf(takesIn)).toEqual(["POST /api/v1/orders", "orders.place", "transaction", takesIn.name]);
      expect(spans.some((span) => span.name === "INSERT inbox" && pathOf(span).includes(takesIn.name))).toBe(
        true,
      );
    }
    expect(
      spans.some(
        (span) =>
          span.name.startsWith("INSERT") &&
          span.name.includes("audit") &&
          pathOf(span).includes("audit consumes orders.placed"),
      ),
    ).toBe(true);
  });

  test("names each step's process, and has the collector's required fields", () => {
    expect(only("orders.place").service).toBe("shop");
    expect(collector.headers["x-collector-key"]).toBe("of-the-test");
  });
});

test("tracing is off without an endpoint", async () => {
  const shop = await startShop({ services: ["catalog"] });
  expect(isTracing()).toBe(false);
  await shop.stop();
});
