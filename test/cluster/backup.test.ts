import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { loadConfig } from "../../config/index.ts";
import { startStack } from "../../deploy/local/stack.ts";
import { eventTransport } from "../../mixins/events/event-transport.ts";
import { checkShop } from "../../services/node/check/check-shop.ts";
import { createNode } from "../../services/node/create-node.ts";
import { ensureBackupTools } from "./backup-tools.ts";
import { DatabaseScripts } from "./database-scripts.ts";
import { FreshDatabase } from "./fresh-database.ts";
import { until } from "./processes.ts";
import { ClusterUnderTest, tell } from "./proof.ts";
import { loggedInCustomers } from "./shoppers.ts";
import { SteadyBuyers } from "./steady-buyers.ts";

const missing = await ensureBackupTools();
if (missing !== undefined) process.stdout.write(`\nBACKUPS CANNOT BE TESTED: ${missing}\n`);

(missing === undefined ? describe : describe.skip)("a backup that is taken while customers buy", () => {
  let shop: ClusterUnderTest;
  let scripts: DatabaseScripts;
  let elsewhere: FreshDatabase;
  let buyers: SteadyBuyers;
  let backup: string;

  beforeAll(async () => {
    const directory = await mkdtemp(join(tmpdir(), "backup-"));
    await startStack({ directory, fast: true });
    scripts = await DatabaseScripts.of(directory);
    shop = await ClusterUnderTest.start({ catalog: 1, orders: 1 }, { SWEEP_INTERVAL_SECONDS: "1" }, directory);
    elsewhere = await FreshDatabase.start(join(directory, "elsewhere"), scripts.settings);
    const { variantId } = await shop.addProduct(1_000_000);
    buyers = new SteadyBuyers(shop, await loggedInCustomers(4, shop), variantId);
  }, 180_000);

  afterAll(async () => {
    await buyers?.end();
    await elsewhere?.stop();
    await shop?.stop();
  }, 120_000);

  test("is restored elsewhere to a moment: what was confirmed before is there, nothing later is, and all data agree", async () => {
    const replica = scripts.serverOf("replica-2");
    await buyers.confirmed(10);
    backup = (await scripts.demand("backup.sh", replica)).answer;
    await buyers.confirmed(30);
    // The moment is a second of its own: what came before it is restored.
    const moment = 1000 * Math.ceil(Date.now() / 1000);
    await pause(moment - Date.now());
    await buyers.confirmed(30);
    await buyers.end();
    await stackHasAll();
    await scripts.demand("archive-binlogs.sh", replica, "--once");

    const to = new Date(moment).toISOString().replace("T", " ").slice(0, 19);
    const { said } = await scripts.demand("restore.sh", backup, elsewhere.address, join(scripts.folder, "admin.cnf"), "--to", to);
    const restored = await elsewhere.orders();
    const before = buyers.orders.filter(({ answeredAt }) => answeredAt < moment);
    const after = buyers.orders.filter(({ askedAt }) => askedAt >= moment);
    expect(before.length).toBeGreaterThan(30);
    expect(after.length).toBeGreaterThan(20);
    expect(before.filter(({ id }) => !restored.has(id))).toEqual([]);
    expect(after.filter(({ id }) => restored.has(id))).toEqual([]);

    // Before its nodes run, events are on their way; as many as were in the last hour.
    const settings = { ...shop.cluster.stack.environment, ...elsewhere.settings, NAMESPACE: "restored" };
    const config = loadConfig({ ...settings, SERVICES: "users,catalog,cart,orders,audit", LOG_LEVEL: "error" });
    const waiting = await elsewhere.waitingEvents();
    expect(waiting).toBeGreaterThan(before.length);
    const node = await createNode(config);
    await node.start();
    await until(async () => (await elsewhere.waitingEvents()) === 0 && (await eventTransport(node).backlog()) === 0);
    const { findings } = await checkShop(config, { settled: true });
    await node.stop();
    expect(findings.filter(({ broken, severity }) => broken > 0 && severity === "violation")).toEqual([]);
    tell(`restored to a moment: ${before.length} of ${before.length} orders confirmed before it, 0 of ${after.length} asked for after it, ${waiting} events sent again`);
    tell(said.trim().split("\n").join("; "));
  }, 120_000);

  test("a server that has data is not restored over, and a backup without its binary logs is not taken for whole", async () => {
    const admin = join(scripts.folder, "admin.cnf");
    expect(await scripts.run("restore.sh", backup, elsewhere.address, admin)).toMatchObject({ code: 1, said: expect.stringContaining("must be empty") });
    expect(await scripts.run("restore.sh", join(backup, "nothing"), elsewhere.address, admin)).toMatchObject({ code: 1 });
  }, 30_000);

  /** Resolves when the replicas have applied what the primary has. */
  async function stackHasAll(): Promise<void> {
    await startStack({ directory: shop.cluster.stack.directory, fast: true });
  }
});
