import { until } from "../cluster/processes.ts";
import { compareWithDatabases } from "./books.ts";
import type { Fault, Site } from "./faults.ts";
import { faults, noFault, untilHealthy } from "./faults.ts";
import { keepLoading, Load } from "./load.ts";
import { sharedAddress } from "./network.ts";
import { argumentsOfRun, conclude } from "./run-arguments.ts";
import type { FaultRun } from "./result.ts";
import { HttpClient } from "./shopper.ts";
import { startServers, startSite, createPurchasable } from "./site.ts";
import { RequestStatistics } from "./tally.ts";

/**
 * Client side of `npm run ha`: builds the site, injects one fault after another under constant load, and
 * compares the results with the databases.
 */

const rates = { reads: 30, purchases: 4, additions: 6 };
const settleSeconds = 2;

async function runFault(fault: Fault, site: Site, statistics: RequestStatistics): Promise<FaultRun> {
  statistics.take("");
  const began = performance.now();
  await fault.inject(site);
  if (fault.movesAddress) await until(() => site.fronts[1].hasSharedAddress());
  const movedAfterMs = fault.movesAddress ? performance.now() - began : undefined;
  await keepLoading(fault.seconds);
  await fault.recover(site);
  await untilHealthy(site);
  await keepLoading(settleSeconds);
  return { ...statistics.take(fault.title), movedAfterMs, noFailures: fault.noFailures };
}

async function main(): Promise<void> {
  const { run, directory, short, only } = argumentsOfRun();
  const log = (line: string) => void process.stdout.write(`${line}\n`);

  log("Starting the servers, two machines with nginx and keepalived, two with gateways and services");
  const settings = await startServers(run, directory, () => undefined);
  const site = await startSite(run, directory, settings);
  const purchasable = await createPurchasable(site);
  const client = new HttpClient(sharedAddress);
  const statistics = new RequestStatistics();
  const load = new Load(client, purchasable, statistics);
  load.start(rates);
  await keepLoading(settleSeconds);

  const episodes: FaultRun[] = [];
  const wanted = (fault: Fault) => (only ? fault.title.includes(only) : fault.short || !short);
  for (const fault of [noFault, ...faults].filter(wanted)) {
    log(`  ${fault.title}`);
    episodes.push(await runFault(fault, site, statistics));
  }
  await load.end();
  await site.operator.stop();
  client.close();
  conclude({ episodes, comparison: await compareWithDatabases(load.sent, settings) }, log);
}

await main();
