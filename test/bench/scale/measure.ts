import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { thisMinute } from "../command.ts";
import { closeData } from "../data/databases.ts";
import { preparePeople } from "../data/people.ts";
import { thisMachine } from "../report/tables.ts";
import type { RoundOptions, WorkResult } from "../rounds.ts";
import { runInterleaved, warmUp } from "../rounds.ts";
import type { Shape } from "../shop.ts";
import type { Filled } from "./filled-shop.ts";
import { startFilled } from "./filled-shop.ts";
import type { Size } from "./sizes.ts";
import type { PeopledShop, ScaleWork } from "./works.ts";

/** Costs in shops of several sizes, which ran at the same time. */
export interface ScaleReport {
  readonly shape: Shape;
  /** The command line. */
  readonly command: string;
  readonly began: string;
  readonly machine: string;
  /** One-minute load average, before and after. */
  readonly load: readonly [number, number];
  /** The baseline first. */
  readonly shops: readonly { readonly size: Size; readonly filled: Filled }[];
  readonly results: readonly (Pick<ScaleWork, "title"> & WorkResult)[];
}

export interface ScaleOptions extends RoundOptions {
  readonly shape: Shape;
  readonly sizes: readonly Size[];
  readonly works: readonly ScaleWork[];
  /** Keeps filled shops for later runs; in a temporary directory they are removed. */
  readonly directory: string | undefined;
  readonly command: string;
  readonly log: (line: string) => void;
}

const customersWhoBuy = 500;

/** Fills missing shops of several sizes, starts all, and interleaves them for each work. */
export async function measureAtScale(options: ScaleOptions): Promise<ScaleReport> {
  const { shape, sizes, works, command, log } = options;
  const [before = 0] = loadavg();
  const began = thisMinute();
  await using undo = new AsyncDisposableStack();
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), "shop-scale-")));
  if (options.directory === undefined) undo.defer(() => rm(directory, { recursive: true, force: true }));
  await mkdir(directory, { recursive: true });

  const shops: PeopledShop[] = [];
  for (const size of sizes) {
    log(`A shop of ${size.name} variants`);
    const shop = await startFilled(shape, size, directory, log);
    undo.defer(() => shop.stop());
    const customers = await preparePeople(shop.config, customersWhoBuy);
    const [staff] = await preparePeople(shop.config, 1, "administrator");
    if (staff) shops.push({ ...shop, customers, staff });
  }
  undo.defer(closeData);

  const results = [];
  for (const work of works) {
    const { name, title } = work;
    log(`${name}: ${title}`);
    const contenders = await Promise.all(shops.map((shop) => work.contender(shop)));
    for (const contender of contenders) await warmUp(contender);
    results.push({ name, title, samples: await runInterleaved(contenders, options) });
  }
  const [after = 0] = loadavg();
  return { shape, command, began, machine: thisMachine(), load: [before, after], shops, results };
}
