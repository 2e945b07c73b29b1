import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { setTimeout as pause } from "node:timers/promises";
import { Redis } from "ioredis";
import { newId } from "../../mixins/contract/ids.ts";
import { startNode, typeAtConsole, until } from "./processes.ts";
import { ClusterUnderTest, Stream, tell } from "./proof.ts";

/** Maximum staleness after a change, and maximum delay of a read while Redis fails. */
const withinMs = 1000;
/** Margin for a busy machine. */
const graceMs = 1000;
/**
 * Maximum staleness on a node that missed the invalidation: a second in the cache, and a second of replica
 * lag.
 */
const oldestMs = 2000;
/** Interval of a reader's requests. */
const breathMs = 5;

describe("cached answers in a cluster", () => {
  let shop: ClusterUnderTest;
  let product: { id: string; variantId: string };
  let catalogNodes: string[];
  let processes: (number | undefined)[];

  const pids = () => shop.cluster.nodes.map(({ pid }) => pid);

  beforeAll(async () => {
    shop = await ClusterUnderTest.start({ catalog: 2, cart: 0, orders: 0, audit: 0 });
    product = await shop.addProduct();
    catalogNodes = shop.nodesOf("catalog");
    processes = pids();
  }, 600_000);

  afterAll(async () => {
    await shop?.stop();
  }, 600_000);

  async function priceAt(gateway: number): Promise<number> {
    const { price } = await shop.demand(gateway, "GET", `/variants/${product.variantId}`);
    return price.amount;
  }

  async function priceOn(nodeID: string): Promise<number> {
    const { price } = await shop.askNode(nodeID, "catalog.variants.get", { id: product.variantId });
    return price.amount;
  }

  /** Every path of a guest's read. */
  const ways = () => [
    ...shop.gateways.map((gateway) => () => priceAt(gateway)),
    ...catalogNodes.map((nodeID) => () => priceOn(nodeID)),
  ];

  /** Prices in the order staff set them, each with the time of its acknowledgement. */
  function priceHistory() {
    const prices = [{ price: 1000, at: 0 }];
    return {
      last: () => prices.at(-1)?.price ?? 0,
      set: async (gateway: number, price: number) => {
        await shop.setPrice(gateway, product.variantId, price);
        prices.push({ price, at: Date.now() });
      },
      /** The oldest permissible price at a time. */
      oldestAt: (moment: number) => prices.findLast(({ at }) => at <= moment - oldestMs)?.price ?? 0,
    };
  }

  test("while Redis is stopped, continued, killed, started and emptied, no question fails or hangs, and a new price is everywhere within a second", async () => {
    const { stack } = shop.cluster;
    const redis = new Redis(stack.environment.REDIS_URL, { lazyConnect: true });
    redis.on("error", () => undefined);
    const history = priceHistory();
    const stream = new Stream(async (number) => {
      const gateway = number % shop.gateways.length;
      // Half of the reads are unique and so uncached.
      if (number % 8 < 4) {
        await shop.demand(gateway, "GET", `/products?limit=2&minPrice=${number % 100_000}`);
        return;
      }
      const askedAt = Date.now();
      const price = await priceAt(gateway);
      if (price < history.oldestAt(askedAt)) throw new Error(`${price} after ${history.last()} was set`);
    });

    /** Changes the price and waits until guests get it on each path, and only it from then on. */
    const changePrice = async () => {
      const price = history.last() + 1;
      await history.set(price % shop.gateways.length, price);
      const began = Date.now();
      const waits = await Promise.all(
        ways().map(async (ask) => {
          let lastOld = 0;
          // Each gateway balances over the catalogue's nodes.
          for (let inARow = 0; inARow < 2 * catalogNodes.length;) {
            const askedAt = Date.now();
            if ((await ask()) === price) inARow += 1;
            else [inARow, lastOld] = [0, askedAt - began];
          }
          return lastOld;
        }),
      );
      return Math.max(...waits);
    };

    const phases: [string, () => Promise<unknown>][] = [
      ["well", () => Promise.resolve()],
      ["stopped (SIGSTOP)", () => stack.pause("redis")],
      ["continued", () => stack.resume("redis")],
      ["killed", () => stack.kill("redis")],
      ["started again", () => stack.start("redis")],
      ["emptied (FLUSHALL)", () => redis.flushall()],
    ];
    for (const [phase, enter] of phases) {
      await enter();
      stream.report();
      const waits = [await changePrice(), await changePrice()];
      await stream.answered(150);
      const { count, slowestMs, failures } = stream.report();
      tell(
        `Redis ${phase}: ${count} questions, ${failures.length} failed, slowest ${slowestMs} ms; old price last given ${waits.join(" and ")} ms after the change`,
      );
      expect(failures).toEqual([]);
      expect(slowestMs).toBeLessThan(withinMs + graceMs);
      expect(Math.max(...waits)).toBeLessThan(withinMs);
    }
    expect((await stream.end()).failures).toEqual([]);
    redis.disconnect();
    expect(pids()).toEqual(processes);
  }, 240_000);

  test("while a price changes 200 times, no node goes back to an older one, and none gives one that is out of date", async () => {
    const history = priceHistory();
    await history.set(0, 10_000);
    const written = new AbortController();
    let read = 0;
    const faults: string[] = [];
    const readers = ways().flatMap((ask, way) => {
      const isOneNode = way >= shop.gateways.length;
      return Array.from({ length: 3 }, async () => {
        let newest = 0;
        while (!written.signal.aborted) {
          const askedAt = Date.now();
          const price = await ask();
          read += 1;
          if (price < history.oldestAt(askedAt))
            faults.push(`way ${way}: ${price} while ${history.last()} was set`);
          // A gateway's reads go to several nodes, one of which may get the invalidation a moment later.
          if (isOneNode && price < newest) faults.push(`way ${way}: ${price} after ${newest}`);
          newest = Math.max(newest, price);
          await pause(breathMs);
        }
      });
    });

    const began = Date.now();
    for (let change = 1; change <= 200; change += 1)
      await history.set(change % shop.gateways.length, 10_000 + change);
    const seconds = (Date.now() - began) / 1000;
    const changedAt = Date.now();
    for (const ask of ways()) await until(async () => (await ask()) === 10_200);
    const everywhereMs = Date.now() - changedAt;
    written.abort();
    await Promise.all(readers);
    tell(
      `200 changes in ${seconds.toFixed(1)} s under ${read} reads: ${faults.length} faults; the last price everywhere after ${everywhereMs} ms`,
    );
    expect(faults).toEqual([]);
    expect(everywhereMs).toBeLessThan(withinMs);
    expect(pids()).toEqual(processes);
  }, 240_000);

  test("each node tells where its answers came from: its memory, the shared store, the database", async () => {
    const [one = "", other = ""] = catalogNodes;
    const figures = (nodeID: string) =>
      shop.askNode(nodeID, "operations.cache", {}, { kind: "system", name: "test" });
    const ask = async (nodeID: string, q: string) => {
      const before = await figures(nodeID);
      await shop.askNode(nodeID, "catalog.products.list", { q });
      const after = await figures(nodeID);
      return [after.own - before.own, after.shared - before.shared, after.loaded - before.loaded];
    };
    // All three reads must happen within the cache's second.
    await until(async () => {
      const q = newId();
      const sources = [await ask(one, q), await ask(one, q), await ask(other, q)];
      return JSON.stringify(sources) === "[[0,0,1],[1,0,0],[0,1,0]]";
    });

    const { environmentFile, directory } = shop.cluster.stack;
    const { shown } = await typeAtConsole(
      startNode(["none", "--repl"], { environmentFile, environment: { HOME: directory } }),
      ["shop cache"],
    );
    const rows = [...shown.matchAll(/^(catalog-\d) +(\d+) +(\d+) +(\d+) +(\d+)$/gm)];
    expect(rows.map(([, node]) => node)).toEqual(catalogNodes);
    for (const [row] of rows)
      tell(`shop cache: ${row.replaceAll(/ +/g, " ")} (node, own, shared, loaded, not loaded %)`);
  }, 240_000);
});
