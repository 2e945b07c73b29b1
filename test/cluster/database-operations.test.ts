import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { eventTransport } from "../../mixins/events/open-event-transport.ts";
import { createNode } from "../../services/node/create-node.ts";
import { dataServices } from "../support/data-services.ts";
import { ensureBackupTools } from "./backup-tools.ts";
import { FreshDatabase } from "./fresh-database.ts";
import { until } from "./processes.ts";
import { tell } from "./proof.ts";
import { ShopOnServers } from "./shop-on-servers.ts";
import type { ConfirmedOrder, SteadyBuyers } from "./steady-buyers.ts";

/** Contains everything that could break a program that handles SQL text. */
const strangeEvent = {
  id: "019c2f6e-0000-7000-8000-000000000001",
  envelope: JSON.stringify({ name: "O'Brien \\ \"Ä😀\" \\x27 \n\t -- ; /* ' */ & %s" }),
};

const noTools = await ensureBackupTools();
if (noTools !== undefined) process.stdout.write(`\nBACKUPS CANNOT BE TESTED: ${noTools}\n`);

describe("the scripts of deploy/mysql, while customers buy", () => {
  let shop: ShopOnServers;
  let buyers: SteadyBuyers;
  const earlier: ConfirmedOrder[] = [];

  beforeAll(async () => {
    shop = await ShopOnServers.start();
    buyers = shop.buyers();
  }, 600_000);

  afterAll(async () => {
    await buyers?.end();
    await shop?.stop();
  }, 600_000);

  const server = (name: Parameters<ShopOnServers["scripts"]["serverOf"]>[0]) => shop.scripts.serverOf(name);
  const run = (script: string, ...args: string[]) => shop.scripts.run(script, ...args);
  const demand = (script: string, ...args: string[]) => shop.scripts.demand(script, ...args);
  const refused = (reason: string) => ({ code: 1, said: expect.stringContaining(reason) });

  (noTools === undefined ? describe : describe.skip)("a backup of a replica", () => {
    let elsewhere: FreshDatabase;
    let backup: string;
    const admin = () => join(shop.scripts.folder, "admin.cnf");

    beforeAll(async () => {
      elsewhere = await FreshDatabase.start(join(shop.scripts.folder, "elsewhere"), shop.scripts.settings);
    }, 240_000);

    afterAll(() => elsewhere?.stop(), 60_000);

    test("point-in-time recovery to another server restores confirmed changes up to that time, and all data agree", async () => {
      const replica = server("replica-2");
      await buyers.confirmed(10);
      backup = (await demand("backup.sh", replica)).answer;
      await shop.scripts.passThroughOutbox(strangeEvent);
      await buyers.confirmed(10);
      // Point-in-time recovery excludes this second and what follows.
      const moment = 1000 * Math.ceil(Date.now() / 1000);
      await pause(moment - Date.now());
      await buyers.confirmed(10);
      await buyers.end();
      earlier.push(...buyers.orders);
      await until(async () => (await shop.scripts.ordersOn("replica-2")).size >= earlier.length);
      await demand("archive-binlogs.sh", replica, "--once");

      const to = new Date(moment).toISOString().replace("T", " ").slice(0, 19);
      await demand("restore.sh", backup, elsewhere.address, admin(), "--to", to);
      const restored = await elsewhere.orders();
      const before = earlier.filter(({ answeredAt }) => answeredAt < moment);
      const after = earlier.filter(({ askedAt }) => askedAt >= moment);
      expect(before.length).toBeGreaterThanOrEqual(20);
      expect(after.length).toBeGreaterThanOrEqual(10);
      expect(before.filter(({ id }) => !restored.has(id))).toEqual([]);
      expect(after.filter(({ id }) => restored.has(id))).toEqual([]);

      expect(await elsewhere.takeFromOutbox(strangeEvent.id)).toBe(strangeEvent.envelope);
      const { waiting, news } = await elsewhere.waitingEvents();
      expect(waiting).toBeGreaterThanOrEqual(before.length);
      const own = {
        ...elsewhere.settings,
        NAMESPACE: "restored",
        SERVICES: dataServices.join(","),
        LOG_LEVEL: "error",
      };
      const node = await createNode(shop.config(own));
      try {
        await node.start();
        await until(
          async () =>
            (await elsewhere.waitingEvents()).waiting === 0 && (await eventTransport(node).backlog()) === 0,
        );
        expect(await shop.violations(shop.config(own))).toEqual([]);
      } finally {
        await node.stop();
      }
      tell(
        `restored to a moment: all ${before.length} orders that were confirmed before it, none of ${after.length} that were asked for later`,
      );
      tell(
        `${waiting} events were sent again, of which the audit trail had not taken in ${news}; every invariant holds`,
      );
    }, 240_000);

    test("is not restored over data, nor without its binary logs", async () => {
      expect(await run("restore.sh", backup, elsewhere.address, admin())).toMatchObject(
        refused("must be empty"),
      );
      expect(await run("restore.sh", join(backup, ".."), elsewhere.address, admin())).toMatchObject(
        refused("no dump.sql.gz"),
      );
      buyers = shop.buyers();
    }, 240_000);
  });

  describe("another primary", () => {
    /** Confirmed events that the primary is missing. */
    const lost = async () => {
      const confirmed = [...earlier, ...buyers.orders];
      const there = await shop.scripts.ordersOn(shop.primary);
      return confirmed.filter(({ id }) => !there.has(id));
    };

    test("a planned switchover loses nothing, and the shop goes on without a restart", async () => {
      await buyers.confirmed(10);
      const from = Date.now();
      const { said } = await demand("promote.sh", "switchover", server("replica-1"));
      await buyers.confirmed(10);
      expect(shop.primary).toBe("replica-1");
      expect(said).toMatch(/takes no more changes[^]*is the primary[^]*follows/);
      expect(await lost()).toEqual([]);
      expect((await run("status.sh")).code).toBe(0);
      tell(
        `switchover: none of ${buyers.orders.length} confirmed orders lost, longest time without one ${buyers.longestGap(from)} ms`,
      );
    }, 240_000);

    test("steps that would lead to two primaries (split brain) are refused", async () => {
      expect(await run("promote.sh", "failover")).toMatchObject(refused("is not dead"));
      expect(await run("resume.sh", server("primary"))).toMatchObject(refused("is a replica"));
      expect(await run("promote.sh", "switchover", server("replica-1"))).toMatchObject(
        refused("is the primary already"),
      );
    }, 240_000);

    test("a primary that was restarted takes no changes until it is sure that it is the only one", async () => {
      await shop.cluster.cluster.stack.restart("replica-1");
      expect((await run("status.sh")).said).toContain("closed, follows nobody");
      await demand("resume.sh", server("replica-1"));
      await buyers.confirmed(10);
      expect(await lost()).toEqual([]);
    }, 240_000);

    test("a failover loses nothing that was confirmed, and the dead primary comes back as a replica or not at all", async () => {
      await buyers.confirmed(10);
      const from = Date.now();
      await shop.cluster.cluster.stack.kill("replica-1");
      await demand("promote.sh", "failover");
      const scriptMs = Date.now() - from;
      await buyers.confirmed(10);
      expect(shop.primary).not.toBe("replica-1");
      expect(await lost()).toEqual([]);
      tell(
        `failover: none of ${buyers.orders.length} confirmed orders lost, the script took ${scriptMs} ms, longest time without an order ${buyers.longestGap(from)} ms`,
      );

      await shop.cluster.cluster.stack.start("replica-1");
      expect(await run("resume.sh", server("replica-1"))).toMatchObject(refused("not the primary any more"));
      const rejoined = await run("rejoin.sh", server("replica-1"));
      // Transactions that were not replicated were not confirmed, and are discarded.
      if (rejoined.code !== 0) expect(rejoined.said).toMatch(/must be made anew/);
      tell(
        `the dead primary ${rejoined.code === 0 ? "follows the new one" : "had changes that nobody was told of, and stays closed"}`,
      );
      await buyers.confirmed(10);
      expect(await lost()).toEqual([]);
    }, 240_000);

    test("afterwards every invariant holds, and there is each confirmed order once", async () => {
      await buyers.end();
      expect(await shop.violations()).toEqual([]);
      const there = await shop.scripts.ordersOn(shop.primary);
      expect([...there].toSorted()).toEqual([...earlier, ...buyers.orders].map(({ id }) => id).toSorted());
    }, 240_000);

    test("a server that has gone its own way is shut and not taken for a replica, although it has as much as the primary", async () => {
      const stray = shop.primary === "replica-2" ? "primary" : "replica-2";
      await shop.scripts.partHistories(shop.primary, stray);
      expect(await run("status.sh")).toMatchObject({ code: 1 });
      expect(await run("promote.sh", "switchover", server("replica-1"))).toMatchObject(
        refused("split brain"),
      );
      expect(await run("rejoin.sh", server(stray))).toMatchObject(refused("must be made anew"));
      expect((await run("status.sh")).said.match(/takes changes/g)).toHaveLength(1);
    }, 240_000);
  });
});
