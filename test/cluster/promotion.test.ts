import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "../../config/index.ts";
import type { DatabaseName } from "../../deploy/local/servers/database.ts";
import { startStack, type Stack } from "../../deploy/local/stack.ts";
import { checkShop } from "../../services/node/check/check-shop.ts";
import { DatabaseScripts } from "./database-scripts.ts";
import { MovingAddress } from "./moving-address.ts";
import { ClusterUnderTest, tell } from "./proof.ts";
import { loggedInCustomers } from "./shoppers.ts";
import { SteadyBuyers } from "./steady-buyers.ts";

const names: readonly DatabaseName[] = ["primary", "replica-1", "replica-2"];

describe("another server becomes the primary while customers buy", () => {
  let stack: Stack;
  let scripts: DatabaseScripts;
  let address: MovingAddress;
  let shop: ClusterUnderTest;
  let buyers: SteadyBuyers;
  let settings: Record<string, string>;

  beforeAll(async () => {
    const directory = await mkdtemp(join(tmpdir(), "promotion-"));
    stack = await startStack({ directory, fast: true });
    scripts = await DatabaseScripts.of(stack.directory);
    await scripts.demand("resume.sh", scripts.serverOf("primary"));
    address = await MovingAddress.of(scripts.addressFile);
    settings = {
      DATABASE_PRIMARY: `127.0.0.1:${address.port}`,
      // All of them: which one is the primary changes.
      DATABASE_REPLICAS: names.map((name) => scripts.serverOf(name)).join(","),
      SWEEP_INTERVAL_SECONDS: "1",
    };
    shop = await ClusterUnderTest.start({ catalog: 1, orders: 1 }, settings, directory);
    const { variantId } = await shop.addProduct(1_000_000);
    buyers = new SteadyBuyers(shop, await loggedInCustomers(4, shop), variantId);
  }, 180_000);

  afterAll(async () => {
    await buyers?.end();
    await shop?.stop();
    await address?.close();
  }, 120_000);

  const primary = async () => {
    const server = await readFile(scripts.addressFile, "utf8");
    return names.find((name) => scripts.serverOf(name) === server) ?? "primary";
  };
  /** Those that were confirmed and are not on the primary. */
  const lost = async () => {
    const confirmed = [...buyers.orders];
    const there = await scripts.ordersOn(await primary());
    return confirmed.filter(({ id }) => !there.has(id));
  };

  test("a planned switchover loses nothing, and the shop goes on without a restart", async () => {
    await buyers.confirmed(10);
    const from = Date.now();
    const { said } = await scripts.demand("promote.sh", "switchover", scripts.serverOf("replica-1"));
    await buyers.confirmed(10);
    expect(await primary()).toBe("replica-1");
    expect(said).toMatch(/takes no more changes[^]*is the primary[^]*follows/);
    expect(await lost()).toEqual([]);
    expect((await scripts.run("status.sh")).code).toBe(0);
    tell(`switchover: ${buyers.orders.length} orders confirmed, 0 lost, longest time without one ${buyers.longestGap(from)} ms`);
  }, 60_000);

  test("what would make two primaries is refused", async () => {
    expect(await scripts.run("promote.sh", "failover")).toMatchObject({ code: 1, said: expect.stringContaining("is not dead") });
    expect(await scripts.run("resume.sh", scripts.serverOf("primary"))).toMatchObject({ code: 1, said: expect.stringContaining("is a replica") });
    expect(await scripts.run("promote.sh", "switchover", scripts.serverOf("replica-1"))).toMatchObject({ code: 1 });
  }, 30_000);

  test("a primary that was restarted takes no changes until it is sure that it is the only one", async () => {
    await stack.restart("replica-1");
    expect((await scripts.run("status.sh")).said).toContain("closed, follows nobody");
    await scripts.demand("resume.sh", scripts.serverOf("replica-1"));
    await buyers.confirmed(10);
    expect(await lost()).toEqual([]);
  }, 60_000);

  test("a failover loses nothing that was confirmed, and the dead primary comes back as a replica or not at all", async () => {
    await buyers.confirmed(10);
    const from = Date.now();
    await stack.kill("replica-1");
    await scripts.demand("promote.sh", "failover");
    const scripted = Date.now() - from;
    await buyers.confirmed(10);
    expect(await primary()).not.toBe("replica-1");
    expect(await lost()).toEqual([]);
    tell(`failover: the script took ${scripted} ms, longest time without an order ${buyers.longestGap(from)} ms, 0 of ${buyers.orders.length} lost`);

    await stack.start("replica-1");
    expect(await scripts.run("resume.sh", scripts.serverOf("replica-1"))).toMatchObject({ code: 1, said: expect.stringContaining("not the primary any more") });
    const rejoined = await scripts.run("rejoin.sh", scripts.serverOf("replica-1"));
    // What it had written and nobody had fetched was confirmed to nobody, and is nobody's now.
    if (rejoined.code !== 0) expect(rejoined.said).toMatch(/must be made anew/);
    tell(`the dead primary ${rejoined.code === 0 ? "follows the new one" : "had changes that nobody was told of, and stays closed"}`);
    await buyers.confirmed(10);
    expect(await lost()).toEqual([]);
  }, 60_000);

  test("afterwards every invariant holds, and there is each confirmed order once", async () => {
    await buyers.end();
    const config = loadConfig({ ...stack.environment, ...settings });
    const check = async () => {
      const { findings } = await checkShop(config, { settled: true, patienceMs: 1000 });
      return findings.filter(({ broken, severity }) => broken > 0 && severity === "violation");
    };
    const deadline = Date.now() + 30_000;
    let broken = await check();
    while (broken.length > 0 && Date.now() < deadline) broken = await check();
    expect(broken).toEqual([]);
    const there = await scripts.ordersOn(await primary());
    expect([...there].toSorted()).toEqual(buyers.orders.map(({ id }) => id).toSorted());
  }, 60_000);
});
