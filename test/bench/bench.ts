import { mkdir } from "node:fs/promises";
import type { Config } from "../../config/index.ts";
import { loadConfig } from "../../config/index.ts";
import type { Stack } from "../../deploy/local/stack.ts";
import type { Database } from "../../mixins/database/database.ts";
import { fillCatalogue } from "./data/catalogue.ts";
import { closeData, openFloorData, withData } from "./data/databases.ts";
import type { Person } from "./data/people.ts";
import { preparePeople } from "./data/people.ts";
import { prepareFloor } from "./floor/floor-tables.ts";
import { startFloor } from "./opponents.ts";
import type { Target } from "./processes.ts";
import type { Shape, ShopUnderBench } from "./shop.ts";
import { oneOfEach, serversOf, startEmbedded, startNodes } from "./shop.ts";
import { temporaryStack } from "./temporary-stack.ts";

/** Enough that asking for all of them takes longer than an answer is kept. */
export const productCount = 10_000;

/** What works work with: the shop, the floor, and people with accounts. */
export interface Bench {
  readonly shape: Shape;
  /** Of this run's own. */
  readonly directory: string;
  readonly shop: ShopUnderBench;
  readonly floor: Target;
  readonly floorData: Database;
  readonly customers: readonly Person[];
  readonly staff: Person;
  /** To be done when the work is over. */
  readonly defer: (undo: () => Promise<void>) => void;
}

export interface BenchOptions {
  readonly shape: Shape;
  readonly profileInto: string | undefined;
  readonly log: (line: string) => void;
}

/** Starts servers, shop and floor, all with the same catalogue, for `use`, and takes everything away again. */
export async function withBench<T>({ shape, profileInto, log }: BenchOptions, use: (bench: Omit<Bench, "defer">) => Promise<T>): Promise<T> {
  await using undo = new AsyncDisposableStack();
  const { directory, stack } = await temporaryStack("shop-bench-", undo, log);
  // One process needs no replicas, and the floor should not pay for them.
  if (shape === "embedded") for (const name of ["replica-1", "replica-2", "rabbitmq", "redis"] as const) await stack.shutDown(name);

  log(`Filling the catalogues: ${productCount} products`);
  undo.defer(closeData);
  const fillData = (config: Config) => withData(config, "catalog", (database) => fillCatalogue(database, productCount));
  const shop = await startShop(shape, directory, stack, { profileInto, fillData, log });
  undo.defer(() => shop.stop());
  const floorConfig = loadConfig({ ...stack.environment });
  const floorData = openFloorData(floorConfig);
  undo.defer(() => floorData.sequelize.close());
  await prepareFloor(floorData, productCount);
  const floor = await startFloor(floorConfig, new Map(await serversOf(stack, ["primary", "replica-1", "replica-2"])));
  undo.defer(() => floor.stop());

  log("Opening accounts");
  const customers = await preparePeople(shop.config, 500);
  const [staff] = await preparePeople(shop.config, 1, "administrator");
  if (!staff) throw new Error("there is no staff");
  // Awaited, so that nothing is taken away before.
  return await use({ shape, directory, shop, floor, floorData, customers, staff });
}

async function startShop(shape: Shape, directory: string, stack: Stack, options: Parameters<typeof startNodes>[2]): Promise<ShopUnderBench> {
  if (options.profileInto) await mkdir(options.profileInto, { recursive: true });
  return shape === "embedded" ? startEmbedded(directory, options) : startNodes(stack, shape === "whole" ? { all: 1 } : oneOfEach, options);
}
