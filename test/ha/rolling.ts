import { join } from "node:path";
import { loadConfig } from "../../config/index.ts";
import type { App, Role } from "./app.ts";
import { compareBooks } from "./books.ts";
import type { Site } from "./faults.ts";
import { untilWell } from "./faults.ts";
import { goOn, Load } from "./load.ts";
import { sharedAddress } from "./network.ts";
import type { migrateUp as migrateUpNow } from "../../services/node/migrate.ts";
import { makeNextVersion, nextMigration } from "./next-version.ts";
import { argumentsOfRun, conclude } from "./run-arguments.ts";
import type { Episode } from "./proof.ts";
import { Shopper } from "./shopper.ts";
import { startServers, startSite, stockUp } from "./site.ts";
import { Tally } from "./tally.ts";

/**
 * What `npm run rolling` does on the client's machine: under constant load it migrates, and then replaces every node by
 * one of the next version, one after the other, services before gateways. Nothing may fail.
 */

const rates = { reads: 30, purchases: 4, additions: 6 };
const mixedSeconds = 4;
const everything = ["reads", "orders, with a key", "changes, without"];

/** The next version's own way to migrate, while the old one serves. */
async function migrate(next: string, settings: Readonly<Record<string, string | undefined>>): Promise<void> {
  const { migrateUp } = (await import(join(next, "services/node/migrate.ts"))) as { migrateUp: typeof migrateUpNow };
  const told: string[] = [];
  await migrateUp(loadConfig({ ...settings, SERVICES: "none" }), (line) => told.push(line));
  if (!told.some((line) => line.includes(nextMigration))) throw new Error(`the next version did not migrate: ${told.join("; ")}`);
}

async function replace(app: App, role: Role, next: string, site: Site): Promise<void> {
  const code = await app.stop(role);
  if (code !== 0) throw new Error(`${role}.${app.machine.name} ended with ${code}`);
  app.start(next);
  await untilWell(site);
}

async function main(): Promise<void> {
  const { run, directory } = argumentsOfRun();
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  say("Starting the servers, two machines with nginx and keepalived, two with gateways and services");
  const settings = await startServers(run, directory, () => undefined);
  const site = await startSite(run, directory, settings);
  const next = makeNextVersion(directory);
  const tally = new Tally();
  const shopper = new Shopper(sharedAddress);
  const load = new Load(shopper, await stockUp(site), tally);
  load.start(rates);
  await goOn(mixedSeconds);

  const episodes: Episode[] = [];
  const step = async (title: string, work: () => Promise<void>) => {
    say(`  ${title}`);
    await work();
    episodes.push({ ...tally.take(title), movedAfterMs: undefined, noFailures: everything });
  };
  tally.take("");
  await step("the next version migrates", async () => {
    await migrate(next, settings);
    await goOn(1);
  });
  for (const role of ["services", "gateway"] as const)
    for (const app of site.apps) {
      await step(`replace the ${role} of ${app.machine.name}`, () => replace(app, role, next, site));
      if (app === site.apps[0]) await step("old and new side by side", () => goOn(mixedSeconds));
    }
  await step("all is new", () => goOn(2));

  await load.end();
  await site.operator.stop();
  shopper.close();
  conclude({ episodes, books: await compareBooks(load.sent, settings) }, say);
}

await main();
