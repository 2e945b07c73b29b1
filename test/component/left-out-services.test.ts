/** @embedded Servers have no part in which services there are. */
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { allContracts, serviceNames } from "../support/all-contracts.ts";
import { loadConfig } from "../../config/index.ts";
import { configOf } from "../../mixins/service/config-of.ts";
import { health } from "../../mixins/service/health.ts";
import { loadContracts } from "../../mixins/service/load-services.ts";
import { verifyShop } from "../../services/operations/verify/verify-shop.ts";
import { deliverOrder } from "../support/buyers.ts";
import { sendHttp } from "../support/http.ts";
import type { Shop } from "../support/shop.ts";
import { startShop } from "../support/shop.ts";
import { ShopTraffic } from "../support/shop-traffic.ts";

const optional = serviceNames.filter((name) => name !== "api");
const needs = allContracts.flatMap(({ name, needs: needed = [] }) =>
  needed.map((one) => [name, one] as const),
);
const buying = ["catalog", "cart", "orders", "users"];

/** A service, and those that cannot do without it. */
function withDependents(name: string): string[] {
  const out = new Set([name]);
  for (let before = 0; before < out.size;) {
    before = out.size;
    for (const [dependent, needed] of needs) if (out.has(needed)) out.add(dependent);
  }
  return [...out];
}

/** What is left out of shops, by what is said of these. */
const leftOut = new Map(optional.map((name) => [name, withDependents(name)]));
const dispensable = [...leftOut.values()].filter((names) => !buying.some((name) => names.includes(name)));
leftOut.set("all that a sale can do without", [...new Set(dispensable.flat())]);

const start = (without: readonly string[]) =>
  startShop({
    services: serviceNames.filter((name) => !without.includes(name)),
    env: { SHOP_WITHOUT: without.join(","), SWEEP_INTERVAL_SECONDS: "1" },
  });

/** Sells two units, delivers them, takes one back, and cancels another order. */
async function sell(traffic: ShopTraffic, hasReviews: boolean): Promise<void> {
  const [variantId = ""] = await traffic.stock(3);
  const buyer = await traffic.newCustomer();
  const order = await traffic.place(buyer, await traffic.fillCart(buyer, [[variantId, 2]]));
  if (!order) throw new Error("nothing was ordered");
  const { id } = order;
  await traffic.pay(id);
  await deliverOrder(traffic, id);
  const received = await traffic.call("orders.receipts.record", { id }, buyer);
  expect(received).toMatchObject({ status: "delivered", state: hasReviews ? "to-review" : "closed" });
  await traffic.returnGoods(order);
  const other = await traffic.place(buyer, await traffic.fillCart(buyer, [[variantId, 1]]));
  await traffic.pay(other?.id ?? "");
  await traffic.cancel(other?.id ?? "");
  await traffic.refundsSettled();
  await traffic.settled();
  const { items } = await traffic.call("orders.list", {}, buyer);
  expect(items.map(({ status }) => status)).toEqual(["cancelled", "delivered"]);
  expect(await traffic.call("orders.get", { id }, buyer)).toMatchObject({
    lines: [{ returnedQuantity: 1 }],
    refunded: order.lines[0]?.unitPrice,
  });
  expect(await traffic.call("catalog.stock.get", { variantId })).toMatchObject({ onHand: 2, reserved: 0 });
}

describe.each([...leftOut])("a shop without %s", (_, without) => {
  const absent = allContracts.filter((contract) => without.includes(contract.name));
  let shop: Shop;
  beforeAll(async () => {
    shop = await start(without);
  }, 240_000);
  afterAll(() => shop.stop());

  test("is ready", async () => {
    expect(await health(shop.broker)).toMatchObject({ ready: true });
    expect(await sendHttp(shop.url, { method: "GET", path: "/health/ready" })).toMatchObject({ status: 200 });
  });

  test("describes and serves none of its routes, and those of the others", async () => {
    const { body } = await sendHttp(shop.url, { method: "GET", path: "/openapi.json" });
    const { paths, tags } = JSON.parse(body) as {
      paths: Record<string, Record<string, { tags: string[] }>>;
      tags: { name: string }[];
    };
    const described = new Set(
      Object.values(paths).flatMap((methods) =>
        Object.values(methods).flatMap((operation) => operation.tags ?? []),
      ),
    );
    const routed = allContracts
      .filter(({ actions }) => Object.values(actions).some(({ route }) => route))
      .map((contract) => contract.name);
    const present = routed.filter((service) => !without.includes(service)).toSorted();
    expect([...described].toSorted()).toEqual(present);
    expect(tags.map((tag) => tag.name).toSorted()).toEqual(present);
    for (const { actions } of absent)
      for (const { route } of Object.values(actions)) {
        if (!route) continue;
        const path = `${route.atRoot ? "" : "/api/v1"}${route.path.replaceAll(/\{\w+\}/g, "x")}`;
        expect({ path, ...(await sendHttp(shop.url, { method: route.method, path })) }).toMatchObject({
          path,
          status: 404,
        });
      }
  });

  test("takes callers for what it can make of them", async () => {
    const { status } = await sendHttp(shop.url, {
      method: "GET",
      path: "/api/v1/nothing",
      token: `sk_${"x".repeat(43)}`,
    });
    expect(status).toBe(404);
    if (without.includes("catalog")) return;
    expect(await sendHttp(shop.url, { method: "GET", path: "/api/v1/products" })).toMatchObject({
      status: 200,
    });
    const forged = await sendHttp(shop.url, {
      method: "GET",
      path: "/api/v1/products",
      token: `sk_${"x".repeat(43)}`,
    });
    expect(forged.status).toBe(401);
  });

  test("sells, where everything that this takes is there, and its data agree", async () => {
    if (!without.includes("catalog"))
      expect((await shop.call("catalog.demo.seed", {})).products).toBeGreaterThan(0);
    if (buying.every((needed) => !without.includes(needed)))
      await sell(new ShopTraffic(shop.broker, () => 0.5), !without.includes("reviews"));
    await shop.settled();
    const report = await verifyShop(configOf(shop.broker), { settled: true, patienceMs: 0 });
    expect(report.findings.filter(({ broken }) => broken > 0)).toEqual([]);
    expect(report.ok).toBe(true);
  });
});

test.each(needs)("%s without %s stops the start with one line", async (name, needed) => {
  const without = withDependents(needed).filter((one) => one !== name);
  const missing = expect.stringMatching(
    new RegExp(`^${name} needs ([\\w-]+, )*${needed}(, [\\w-]+)*, which is not installed$`),
  );
  await expect(loadContracts(loadConfig({ SHOP_WITHOUT: without.join(",") }))).rejects.toMatchObject({
    name: "ConfigError",
    message: missing,
  });
});
