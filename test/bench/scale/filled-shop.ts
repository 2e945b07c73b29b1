import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { Config } from "../../../config/index.ts";
import { loadConfig } from "../../../config/index.ts";
import { startCluster } from "../../../deploy/local/cluster.ts";
import type { Stack } from "../../../deploy/local/stack.ts";
import { startStack, stopStack } from "../../../deploy/local/stack.ts";
import { migrateUp } from "../../../services/operations/migrate.ts";
import { nodeArguments } from "../../../services/node/node-flags.ts";
import { freePorts } from "../../cluster/processes.ts";
import { startProgram } from "../processes.ts";
import type { Shape, ShopUnderBench } from "../shop.ts";
import { oneOfEach, serversOf, settings } from "../shop.ts";
import type { BulkLoader } from "./bulk-loader.ts";
import { fillTables } from "./bulk-loader.ts";
import { asAdministrator, forFilling, forServing } from "./database-server.ts";
import { fillingsOf } from "./filling.ts";
import { sqliteLoader } from "./load-sqlite.ts";
import { mysqlLoader } from "./load-mysql.ts";
import type { Size } from "./sizes.ts";

/** Duration and size of a filled shop. */
export interface Filled {
  readonly seconds: number;
  readonly rows: number;
  /** On disk, all of its databases. */
  readonly bytes: number;
}

export interface FilledShop extends ShopUnderBench {
  readonly size: Size;
  readonly filled: Filled;
}

type Log = (line: string) => void;

/** Starts a shop of a size from its directory; fills it first if necessary, which takes minutes. */
export async function startFilled(shape: Shape, size: Size, within: string, log: Log): Promise<FilledShop> {
  const directory = join(within, `${shape}-${size.name}`);
  const shop = await (shape === "embedded" ? filledFiles : filledCluster)(directory, size, log);
  return { ...shop, size };
}

type Started = Omit<FilledShop, "size">;

async function filledFiles(directory: string, size: Size, log: Log): Promise<Started> {
  const port = await freePorts(2);
  const environment = { ...settings, DATA_DIR: directory, PORT: `${port}` };
  const config = loadConfig(environment);
  const { database } = config;
  if (database.engine !== "sqlite") throw new Error("the embedded shape keeps files");
  const filled =
    (await filledBefore(directory)) ??
    (await fill(directory, size, log, {
      empty: async () => {
        await rm(directory, { recursive: true, force: true });
        await mkdir(directory, { recursive: true });
        await migrateUp(config, () => undefined);
      },
      loader: (service) => Promise.resolve(sqliteLoader(database.file(service))),
    }));
  const target = await startProgram("shop", { args: nodeArguments, environment }, /API +(http:\S+)\/api/);
  return { ...target, url: `http://127.0.0.1:${port}`, config, environment, filled };
}

async function filledCluster(directory: string, size: Size, log: Log): Promise<Started> {
  const before = await filledBefore(directory);
  if (!before) await stopStack({ directory: join(directory, "stack"), purge: true });
  const options = { directory: join(directory, "stack"), replicas: false, yes: true, log } as const;
  const stack = await startStack(options);
  try {
    const withoutReplicas = { ...settings, DATABASE_REPLICAS: "" };
    const environment = { ...stack.environment, ...withoutReplicas };
    const config = loadConfig(environment);
    const filled = before ?? (await fillPrimary(directory, stack, config, size, log));
    await forServing(stack);
    const cluster = await startCluster({
      ...options,
      port: await freePorts(1),
      counts: oneOfEach,
      settings: withoutReplicas,
    });
    const nodes = cluster.nodes.map(({ plan, pid }) => [plan.name, pid ?? 0] as const);
    const processes = new Map([...nodes, ...(await serversOf(stack, ["rabbitmq", "redis", "primary"]))]);
    const stop = async () => {
      await cluster.stop({ keepStack: true });
      await stopStack({ directory: stack.directory });
    };
    return { url: cluster.urls[0] ?? "", config, environment, processes, stop, filled };
  } catch (error) {
    await stopStack({ directory: stack.directory });
    throw error;
  }
}

async function fillPrimary(
  directory: string,
  stack: Stack,
  config: Config,
  size: Size,
  log: Log,
): Promise<Filled> {
  const { database } = config;
  if (database.engine !== "mysql") throw new Error("this is not a cluster");
  await forFilling(stack);
  return fill(directory, size, log, {
    empty: () => migrateUp(config, () => undefined),
    loader: async (service) => mysqlLoader(await asAdministrator(stack), database.schema(service)),
  });
}

interface Target {
  readonly empty: () => Promise<void>;
  readonly loader: (service: string) => Promise<BulkLoader>;
}

const note = (directory: string) => join(directory, "filled.json");

async function filledBefore(directory: string): Promise<Filled | undefined> {
  try {
    return JSON.parse(await readFile(note(directory), "utf8")) as Filled;
  } catch {
    return undefined;
  }
}

async function fill(directory: string, size: Size, log: Log, { empty, loader }: Target): Promise<Filled> {
  const began = performance.now();
  await empty();
  let rows = 0;
  for (const filling of fillingsOf(size, Date.now())) {
    const from = performance.now();
    const tables = await loader(filling.service);
    const counted = {
      ...tables,
      load: async (table: string, some: Parameters<BulkLoader["load"]>[1]) => {
        rows += some.length;
        await tables.load(table, some);
      },
    };
    await fillTables(counted, filling);
    await tables.close();
    log(
      `  ${size.name}, ${filling.service}: ${filling.tables.join(", ")} in ${((performance.now() - from) / 1000).toFixed(0)} s`,
    );
  }
  const filled = { seconds: Math.round((performance.now() - began) / 1000), rows, bytes: bytesIn(directory) };
  await writeFile(note(directory), JSON.stringify(filled));
  return filled;
}

function bytesIn(directory: string): number {
  return Number(
    execFileSync("du", ["-s", "-B1", "--exclude=ib_logfile*", "--exclude=replica-*", directory], {
      encoding: "utf8",
    }).split("\t")[0],
  );
}
