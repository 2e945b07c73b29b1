import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { ActionSchema, Context, ServiceBroker } from "moleculer";
import moleculer from "moleculer";
import { loadConfig } from "../../../config/index.ts";
import { brokerOptions } from "../../../mixins/service/broker-options.ts";

describe("the broker's cacher", () => {
  let brokers: ServiceBroker[] = [];
  let loads = 0;
  let held: Promise<void> = Promise.resolve();

  /** A node with a plain service that caches; nodes of one test reach each other. */
  function node(nodeID: string, cache: NonNullable<ActionSchema["cache"]> = true): ServiceBroker {
    const options = brokerOptions(loadConfig({ LOG_LEVEL: "fatal", NODE_ID: nodeID }), []);
    const broker = new moleculer.ServiceBroker({ ...options, transporter: "Fake" });
    broker.createService({
      name: "counter",
      actions: {
        read: {
          cache,
          async handler() {
            loads += 1;
            const loaded = loads;
            await held;
            return loaded;
          },
        },
        write: (ctx: Context) => ctx.broker.cacher?.clean("counter.**"),
      },
    });
    brokers.push(broker);
    return broker;
  }
  const read = (broker: ServiceBroker, params: object = {}, nodeID = broker.nodeID) =>
    broker.call("counter.read", params, { nodeID });

  const pause = () => new Promise((resolve) => setTimeout(resolve, 10));

  beforeEach(() => {
    loads = 0;
    held = Promise.resolve();
  });
  afterEach(async () => {
    await Promise.all(brokers.map((broker) => broker.stop()));
    brokers = [];
  });

  test("caches by the params that `keys` names, and until it is cleaned", async () => {
    const broker = node("a", { keys: ["id"] });
    await broker.start();
    expect(
      await Promise.all([read(broker, { id: 1 }), read(broker, { id: 1, x: 2 }), read(broker, { id: 2 })]),
    ).toEqual([1, 1, 2]);
    await broker.call("counter.write");
    expect(await read(broker, { id: 1 })).toBe(3);
  });

  test("distinguishes calls by the values of their params, in any order", async () => {
    const broker = node("a");
    await broker.start();
    expect([await read(broker, { a: 1, b: "x" }), await read(broker, { b: "x", a: 1 })]).toEqual([1, 1]);
    expect([
      await read(broker, { a: "1" }),
      await read(broker, { a: 1 }),
      await read(broker, { a: '1|b|"x"' }),
    ]).toEqual([2, 3, 4]);
  });

  test("caches separately by the meta fields in `keys`", async () => {
    const broker = node("a", { keys: ["id", "#caller.userId"] });
    await broker.start();
    const as = (userId: string) => broker.call("counter.read", { id: 1 }, { meta: { caller: { userId } } });
    expect([await as("u1"), await as("u2"), await as("u1")]).toEqual([1, 2, 1]);
  });

  test("does not cache a load that began before a write and ended after it", async () => {
    const broker = node("a");
    await broker.start();
    const { promise, resolve } = Promise.withResolvers<void>();
    held = promise;
    const slow = read(broker);
    await broker.call("counter.write");
    resolve();
    expect(await slow).toBe(1);
    expect(await read(broker)).toBe(2);
  });

  test("a clean on one node reaches the others", async () => {
    const [a, b] = [node("a"), node("b")];
    await Promise.all([a.start(), b.start()]);
    const counters = () =>
      (a.registry?.getServiceList({ onlyAvailable: true }) ?? []).filter(({ name }) => name === "counter");
    while (counters().length < 2) await pause();
    expect([await read(a), await read(b), await read(b)]).toEqual([1, 2, 2]);
    await a.cacher?.clean();
    expect(await read(a)).toBe(3);
    while ((await read(b)) === 2) await pause();
    expect(await read(b)).toBe(4);
  });

  test("has the framework's ways past it", async () => {
    const broker = node("a", { enabled: (ctx: Context) => !(ctx.params as { fresh?: boolean }).fresh });
    await broker.start();
    expect([await read(broker), await read(broker), await read(broker, { fresh: true })]).toEqual([1, 1, 2]);
    expect(await broker.call("counter.read", {}, { meta: { $cache: false } })).toBe(3);
  });

  test("keeps values under keys, and lists and removes them", async () => {
    const broker = node("a");
    await broker.start();
    await broker.cacher?.set("counter.total", 7);
    expect(await broker.cacher?.get("counter.total")).toBe(7);
    expect(await broker.cacher?.getCacheKeys()).toEqual([{ key: "counter.total" }]);
    await broker.cacher?.del("counter.total");
    expect(await broker.cacher?.get("counter.total")).toBeUndefined();
    expect(await broker.cacher?.getCacheKeys()).toEqual([]);
  });

  test("keeps nothing for longer than half a minute, whatever `ttl` says", async () => {
    const broker = node("a");
    await broker.start();
    await broker.cacher?.set("counter.total", 7, 3600);
    const kept = await broker.cacher?.getWithTTL("counter.total");
    expect(kept?.ttl).toBeGreaterThan(29);
    expect(kept?.ttl).toBeLessThanOrEqual(30);
  });
});
