import { until } from "../cluster/processes.ts";
import type { Books } from "./books.ts";
import { compareBooks } from "./books.ts";
import type { Fault, Site } from "./faults.ts";
import { faults, nothing, untilWell } from "./faults.ts";
import { goOn, Load } from "./load.ts";
import { sharedAddress } from "./network.ts";
import { argumentsOfRun, conclude } from "./run-arguments.ts";
import { Shopper } from "./shopper.ts";
import { startServers, startSite, stockUp } from "./site.ts";
import type { Figures } from "./tally.ts";
import { Tally } from "./tally.ts";

/**
 * What `npm run ha` does on the client's machine: builds the site, lets one fault after the other happen under constant
 * load, and compares the books.
 */

/** What became of one fault. */
export interface Episode extends Figures {
  /** After so long the other machine had the address; undefined where it did not have to move. */
  readonly movedAfterMs: number | undefined;
  readonly noFailures: readonly string[];
}

export interface Result {
  readonly episodes: readonly Episode[];
  readonly books: Books;
  /** Goals that were missed, each a sentence. */
  readonly missed: readonly string[];
}

const rates = { reads: 30, purchases: 4, additions: 6 };
const settleSeconds = 2;

async function episode(fault: Fault, site: Site, tally: Tally): Promise<Episode> {
  tally.take("");
  const began = performance.now();
  await fault.strike(site);
  if (fault.movesAddress) await until(() => site.fronts[1].hasSharedAddress());
  const movedAfterMs = fault.movesAddress ? performance.now() - began : undefined;
  await goOn(fault.seconds);
  await fault.mend(site);
  await untilWell(site);
  await goOn(settleSeconds);
  return { ...tally.take(fault.title), movedAfterMs, noFailures: fault.noFailures };
}

async function main(): Promise<void> {
  const { run, directory, short, only } = argumentsOfRun();
  const say = (line: string) => void process.stdout.write(`${line}\n`);

  say("Starting the servers, two machines with nginx and keepalived, two with gateways and services");
  const settings = await startServers(run, directory, () => undefined);
  const site = await startSite(run, directory, settings);
  const wares = await stockUp(site);
  const shopper = new Shopper(sharedAddress);
  const tally = new Tally();
  const load = new Load(shopper, wares, tally);
  load.start(rates);
  await goOn(settleSeconds);

  const episodes: Episode[] = [];
  const wanted = (fault: Fault) => (only ? fault.title.includes(only) : fault.short || !short);
  for (const fault of [nothing, ...faults].filter(wanted)) {
    say(`  ${fault.title}`);
    episodes.push(await episode(fault, site, tally));
  }
  await load.end();
  await site.operator.stop();
  shopper.close();
  conclude({ episodes, books: await compareBooks(load.sent, settings) }, say);
}

await main();
