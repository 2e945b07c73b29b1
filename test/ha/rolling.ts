import { join } from "node:path";
import { loadConfig } from "../../config/index.ts";
import type { App, Role } from "./app.ts";
import { compareWithDatabases } from "./books.ts";
import type { Site } from "./faults.ts";
import { untilHealthy } from "./faults.ts";
import { keepLoading, Load } from "./load.ts";
import { sharedAddress } from "./network.ts";
import type { migrateUp as migrateUpNow } from "../../services/operations/migrate.ts";
import { makeNextVersion, nextMigration } from "./next-version.ts";
import { argumentsOfRun, conclude } from "./run-arguments.ts";
import type { FaultRun } from "./result.ts";
import { HttpClient } from "./shopper.ts";
import { startServers, startSite, createPurchasable } from "./site.ts";
import { RequestStatistics } from "./tally.ts";

/**
 * Client side of `npm run rolling`: migrates under constant load, then replaces every node with the next
 * version, services before gateways. No request may fail.
 */

const rates = { reads: 30, purchases: 4, additions: 6 };
const mixedSeconds = 4;
const everything = ["reads", "orders, with a key", "changes, without"];

/** The next version's own way to migrate, while the old one serves. */
async function migrate(next: string, settings: Readonly<Record<string, string | undefined>>): Promise<void> {
  const { migrateUp } = (await import(join(next, "services/operations/migrate.ts"))) as {
    migrateUp: typeof migrateUpNow;
  };
  const told: string[] = [];
  await migrateUp(loadConfig({ ...settings, SERVICES: "none" }), (line) => told.push(line));
  if (!told.some((line) => line.includes(nextMigration)))
    throw new Error(`the next version did not migrate: ${told.join("; ")}`);
}

async function replace(app: App, role: Role, next: string, site: Site): Promise<void> {
  const code = await app.stop(role);
  if (code !== 0) throw new Error(`${role}.${app.machine.name} ended with ${code}`);
  app.start(next);
  await untilHealthy(site);
}

async function main(): Promise<void> {
  const { run, directory } = argumentsOfRun();
  const log = (line: string) => void process.stdout.write(`${line}\n`);
  log("Starting the servers, two machines with nginx and keepalived, two with gateways and services");
  const settings = await startServers(run, directory, () => undefined);
  const site = await startSite(run, directory, settings);
  const next = makeNextVersion(directory);
  const statistics = new RequestStatistics();
  const client = new HttpClient(sharedAddress);
  const load = new Load(client, await createPurchasable(site), statistics);
  load.start(rates);
  await keepLoading(mixedSeconds);

  const episodes: FaultRun[] = [];
  const step = async (title: string, work: () => Promise<void>) => {
    log(`  ${title}`);
    await work();
    episodes.push({ ...statistics.take(title), movedAfterMs: undefined, noFailures: everything });
  };
  statistics.take("");
  await step("the next version migrates", async () => {
    await migrate(next, settings);
    await keepLoading(1);
  });
  for (const role of ["services", "gateway"] as const)
    for (const app of site.apps) {
      await step(`replace the ${role} of ${app.machine.name}`, () => replace(app, role, next, site));
      if (app === site.apps[0]) await step("old and new side by side", () => keepLoading(mixedSeconds));
    }
  await step("all is new", () => keepLoading(2));

  await load.end();
  await site.operator.stop();
  client.close();
  conclude({ episodes, comparison: await compareWithDatabases(load.sent, settings) }, log);
}

await main();
