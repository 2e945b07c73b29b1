import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Caller } from "../../services/contract/caller.ts";
import { callShop } from "../../services/node/registry.ts";
import { until } from "./processes.ts";
import { ClusterUnderTest, Stream, tell } from "./proof.ts";

describe("nodes that are killed", () => {
  let shop: ClusterUnderTest;
  let product: { id: string; variantId: string };

  beforeAll(async () => {
    shop = await ClusterUnderTest.start({ api: 2, users: 1, catalog: 2, cart: 1, orders: 1, audit: 1 });
    product = await shop.addProduct();
  }, 300_000);

  afterAll(() => shop?.stop(), 120_000);

  const nodeNamed = (name: string) => shop.cluster.nodes.find(({ plan }) => plan.name === name);
  const answers = (nodeID: string) =>
    callShop(shop.cluster.broker, "operations.node", {}, { nodeID, timeout: 1000 }).then(() => true, () => false);
  const killAndAwait = async (name: string) => {
    const before = nodeNamed(name)?.pid;
    await shop.cluster.kill(name);
    await until(() => nodeNamed(name)?.state === "up" && nodeNamed(name)?.pid !== before);
    await until(() => answers(name));
  };

  test("reading does not notice when a node is killed, and another, and the first one again", async () => {
    const reading = new Stream(async (number) => {
      const path = number % 2 === 0 ? `/variants/${product.variantId}` : `/products?limit=1&q=${number}`;
      await shop.demand(number % shop.gateways.length, "GET", path, { token: shop.staff });
    });
    await reading.answered(200);
    for (const name of ["catalog-1", "catalog-2", "catalog-1"]) {
      await killAndAwait(name);
      await reading.answered(200);
    }
    const { count, failures, slowestMs } = await reading.end();
    tell(`${count} reads over three kills, ${failures.length} failed, the slowest took ${slowestMs} ms`);
    expect(failures).toEqual([]);
  }, 120_000);

  test("what a killed node had begun is not given to its successor, and who waits for it is told", async () => {
    const guest: Caller = { kind: "guest" };
    const cart = await shop.askNode("cart-1", "cart.create", {}, guest);
    const access = { id: cart.id, cartToken: cart.token ?? "" };
    const add = { ...access, variantId: product.variantId, quantity: 1 };

    // It has the request in its hands, and will never get round to it.
    process.kill(nodeNamed("cart-1")?.pid ?? 0, "SIGSTOP");
    const asked = shop.askNode("cart-1", "cart.items.add", add, guest).then(
      () => "answered",
      (error: { type: string }) => error.type,
    );
    // RabbitMQ takes one message after the other: with this one it has the first.
    await shop.askNode("catalog-1", "operations.node", {});
    await killAndAwait("cart-1");

    expect(await asked).toBe("REQUEST_REJECTED");
    expect((await shop.askNode("cart-1", "cart.get", access, guest)).items).toEqual([]);
    await shop.askNode("cart-1", "cart.items.add", add, guest);
    expect((await shop.askNode("cart-1", "cart.get", access, guest)).items).toMatchObject([{ quantity: 1 }]);
  }, 60_000);
});
