import { mkdir } from "node:fs/promises";
import type { Config } from "../../config/index.ts";
import { loadConfig } from "../../config/index.ts";
import type { Stack } from "../../deploy/local/stack.ts";
import { readState } from "../../deploy/local/state.ts";
import type { Database } from "../../mixins/database/database.ts";
import { fillCatalogue } from "./data/catalogue.ts";
import { closeData, openFloorData, withData } from "./data/databases.ts";
import type { Person } from "./data/people.ts";
import { preparePeople } from "./data/people.ts";
import { prepareFloor } from "./floor/floor-tables.ts";
import { startFloor, startFloorWithoutBinlog } from "./opponents.ts";
import type { Target } from "./processes.ts";
import type { Shape, ShopUnderBench } from "./shop.ts";
import { oneOfEach, serversOf, startEmbedded, startNodes } from "./shop.ts";
import { temporaryStack } from "./temporary-stack.ts";

/** Enough that requesting all of them takes longer than a response is cached. */
export const productCount = 10_000;

/** Environment of a benchmark: the shop, the baseline, and people with accounts. */
export interface Bench {
  readonly shape: Shape;
  /** Temporary directory of this run. */
  readonly directory: string;
  readonly shop: ShopUnderBench;
  readonly floor: Target;
  /** Compared with the embedded shape, which has no binary log either. */
  readonly floorWithoutBinlog: Target | undefined;
  readonly floorData: Database;
  readonly customers: readonly Person[];
  readonly staff: Person;
  /** Registers clean-up for the end of the run. */
  readonly defer: (undo: () => Promise<void>) => void;
}

export interface BenchOptions {
  readonly shape: Shape;
  readonly profileInto: string | undefined;
  readonly log: (line: string) => void;
}

/** Starts servers, shop and baseline with the same catalogue, runs `use`, and removes them. */
export async function withBench<T>(
  { shape, profileInto, log }: BenchOptions,
  use: (bench: Omit<Bench, "defer">) => Promise<T>,
): Promise<T> {
  await using undo = new AsyncDisposableStack();
  const { directory, stack } = await temporaryStack("shop-bench-", undo, log);
  // One process needs no replicas, and the baseline should not pay for them.
  if (shape === "embedded")
    for (const name of ["replica-1", "replica-2", "rabbitmq", "redis"] as const) await stack.shutDown(name);

  log(`Filling the catalogues: ${productCount} products`);
  undo.defer(closeData);
  const fillData = (config: Config) =>
    withData(config, "catalog", (database) => fillCatalogue(database, productCount));
  const shop = await startShop(shape, directory, stack, { profileInto, fillData, log });
  undo.defer(() => shop.stop());
  const floorConfig = loadConfig({ ...stack.environment });
  const floorData = openFloorData(floorConfig);
  undo.defer(() => floorData.sequelize.close());
  await prepareFloor(floorData, productCount);
  const servers = new Map(await serversOf(stack, ["primary", "replica-1", "replica-2"]));
  const floor = await startFloor(floorConfig, servers);
  undo.defer(() => floor.stop());
  const floorWithoutBinlog =
    shape === "embedded"
      ? await startFloorWithoutBinlog(floorConfig, await administratorsPassword(stack), servers)
      : undefined;
  undo.defer(async () => floorWithoutBinlog?.stop());

  log("Opening accounts");
  const customers = await preparePeople(shop.config, 500);
  const [staff] = await preparePeople(shop.config, 1, "administrator");
  if (!staff) throw new Error("there is no staff");
  // Awaited, so that the clean-up runs after it.
  return await use({ shape, directory, shop, floor, floorWithoutBinlog, floorData, customers, staff });
}

async function administratorsPassword({ directory }: Stack): Promise<string> {
  const state = await readState(directory);
  if (!state) throw new Error(`the stack in ${directory} has no state`);
  return state.secrets.admin;
}

async function startShop(
  shape: Shape,
  directory: string,
  stack: Stack,
  options: Parameters<typeof startNodes>[2],
): Promise<ShopUnderBench> {
  if (options.profileInto) await mkdir(options.profileInto, { recursive: true });
  return shape === "embedded"
    ? startEmbedded(directory, options)
    : startNodes(stack, shape === "whole" ? { all: 1 } : oneOfEach, options);
}
