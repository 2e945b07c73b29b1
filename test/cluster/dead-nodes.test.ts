import { setTimeout as pause } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Caller } from "../../mixins/contract/caller.ts";
import { callShop, knownNodes } from "../../services/operations/console/known-nodes.ts";
import { until } from "./processes.ts";
import type { Credentials } from "./proof.ts";
import { ClusterUnderTest, Stream, tell } from "./proof.ts";
import { StatisticsRecount } from "./statistics-recount.ts";
import { SteadyBuyers } from "./steady-buyers.ts";

/** Tolerated delay of buyers beyond a fault's duration. */
const graceMs = 6000;
const frozenMs = 20_000;
const kills = ["orders-1", "cart-1", "catalog-1", "users-1", "catalog-2", "orders-1", "cart-1", "catalog-1"];
const betweenKillsMs = 3000;

/** As a client that is told to come back later: an overloaded service has done nothing. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!String(error).includes("Overloaded, retry later")) throw error;
      await pause(2000);
    }
  }
}

describe("nodes that are killed", () => {
  let shop: ClusterUnderTest;
  let product: { id: string; variantId: string };

  beforeAll(async () => {
    shop = await ClusterUnderTest.start({ users: 1, catalog: 2, cart: 1, orders: 1 });
    product = await shop.addProduct(1_000_000);
  }, 300_000);

  afterAll(() => shop?.stop(), 120_000);

  const nodeNamed = (name: string) => shop.cluster.nodes.find(({ plan }) => plan.name === name);
  const answers = (nodeID: string) =>
    callShop(shop.cluster.broker, "operations.node", {}, { nodeID, timeout: 1000 }).then(
      () => true,
      () => false,
    );
  /** A node's `operations` may be known before its other services are. */
  const isKnown = (name: string) =>
    knownNodes(shop.cluster.broker).some(
      ({ id, services }) =>
        id === name && nodeNamed(name)?.plan.services.every((service) => services.includes(service)),
    );
  const killAndAwait = async (name: string) => {
    const before = nodeNamed(name)?.pid;
    await shop.cluster.kill(name);
    await until(() => nodeNamed(name)?.state === "up" && nodeNamed(name)?.pid !== before);
    await until(async () => (await answers(name)) && isKnown(name));
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
  }, 600_000);

  test("requests of a killed node are not redelivered to its successor, and their callers get an error", async () => {
    const guest: Caller = { kind: "guest" };
    const cart = await shop.askNode("cart-1", "cart.create", {}, guest);
    const access = { id: cart.id, cartToken: cart.token ?? "" };
    const add = { ...access, variantId: product.variantId, quantity: 1 };

    // It has received the request and will not handle it.
    process.kill(nodeNamed("cart-1")?.pid ?? 0, "SIGSTOP");
    const asked = shop.askNode("cart-1", "cart.items.add", add, guest).then(
      () => "answered",
      (error: { type: string }) => error.type,
    );
    // RabbitMQ processes messages in order: with this response it has handled the first one.
    await shop.askNode("catalog-1", "operations.node", {});
    await killAndAwait("cart-1");

    expect(await asked).toBe("REQUEST_REJECTED");
    expect((await shop.askNode("cart-1", "cart.get", access, guest)).items).toEqual([]);
    await shop.askNode("cart-1", "cart.items.add", add, guest);
    expect((await shop.askNode("cart-1", "cart.get", access, guest)).items).toMatchObject([{ quantity: 1 }]);
  }, 240_000);

  describe("while buyers buy", () => {
    let buyers: SteadyBuyers;
    let recount: StatisticsRecount;

    beforeAll(async () => {
      const credentials = await Promise.all([1, 2, 3, 4].map(async () => shop.register()));
      const tokens = await Promise.all(
        credentials.map(async (each, index) => shop.signIn(index % shop.gateways.length, each)),
      );
      buyers = new SteadyBuyers(shop, tokens, product.variantId);
      await buyers.confirmed(20);
    }, 240_000);

    afterAll(async () => {
      await buyers?.end();
      await recount?.close();
    }, 30_000);

    test.each(["cart-1", "orders-1"])(
      "%s, the only one of its kind, is used again within six seconds when it was frozen for twenty",
      async (name) => {
        const since = Date.now();
        const pid = nodeNamed(name)?.pid ?? 0;
        process.kill(pid, "SIGSTOP");
        await pause(frozenMs);
        process.kill(pid, "SIGCONT");
        await buyers.confirmed(20);
        const gap = buyers.longestGap(since);
        tell(`${name} frozen for ${frozenMs} ms: the longest time without an order was ${gap} ms`);
        expect(gap).toBeLessThanOrEqual(frozenMs + graceMs);
        expect(nodeNamed(name)?.pid).toBe(pid);
      },
      120_000,
    );

    test("orders go on within six seconds of the last of eight kills in twenty-four", async () => {
      for (const name of kills) {
        await shop.cluster.kill(name);
        await pause(betweenKillsMs);
      }
      const lastKill = Date.now() - betweenKillsMs;
      await buyers.confirmed(20);
      const gap = buyers.longestGap(lastKill);
      tell(`after ${kills.length} kills the longest time without an order was ${gap} ms`);
      expect(gap).toBeLessThanOrEqual(graceMs);
    }, 600_000);

    test("who is online, the day's peak, logins and orders are exact when both nodes that count them were killed", async () => {
      await shop.cluster.add(["statistics"]);
      const counting = ["statistics-1", "rest-1"];
      /** Does the work while one node after the other is killed; no kill outlives a failure unheard. */
      const whileKilling = async (work: () => Promise<void>) => {
        const killAll = async () => {
          for (const name of counting) await killAndAwait(name);
        };
        await Promise.all([work(), killAll()]);
      };
      recount = await StatisticsRecount.open(shop.cluster.broker);
      /** Waits until the statistics have heard of everything. */
      const caughtUp = async () => {
        const end = Date.now() + 30_000;
        const both = async () => ({ told: await recount.told(), counted: await recount.counted() });
        let { told, counted } = await both();
        while (!isDeepStrictEqual(told, counted) && Date.now() < end) {
          await pause(200);
          ({ told, counted } = await both());
        }
        return { told, counted };
      };
      const people: Credentials[] = [];
      while (people.length < 12) people.push(await patiently(() => shop.register()));
      const here = people.slice(0, 6);
      const signIn = (credentials: Credentials, index: number) =>
        patiently(() => shop.signIn(index % 2, credentials));
      const signOut = (token: string) => patiently(() => shop.demand(0, "POST", "/auth/logout", { token }));

      // Everyone comes, twice: the greatest number.
      let first: string[] = [];
      const second: string[] = [];
      await whileKilling(async () => {
        first = await Promise.all(people.map(signIn));
        for (const [index, one] of people.entries()) second.push(await signIn(one, index));
      });
      await buyers.end();
      const { online: top } = await recount.counted();
      // The peak of a day that is not over is that of the events in the order in which they came.
      expect((await caughtUp()).told).toMatchObject({ online: top, peak: top });
      // Half of them leave, and these come and go.
      await whileKilling(async () => {
        for (const token of [...first.slice(0, 6), ...second.slice(0, 6)]) await signOut(token);
        for (let round = 0; round < 3; round += 1) {
          const tokens = await Promise.all(here.map(signIn));
          await Promise.all(tokens.slice(round).map(signOut));
        }
      });

      const { told, counted } = await caughtUp();
      tell(`${counting.length * 2} kills of two nodes: ${JSON.stringify(told)}`);
      expect(told).toEqual(counted);
      expect(counted).toMatchObject({ online: top - here.length + 2, peak: top });
      expect(counted.logins).toBeGreaterThanOrEqual(2 * people.length + 3 * here.length);
      expect(counted.ordersPlaced).toBeGreaterThanOrEqual(buyers.orders.length);
      expect(await recount.violations()).toEqual([]);
    }, 600_000);
  });
});
