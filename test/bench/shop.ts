import { join } from "node:path";
import { mkdir } from "node:fs/promises";
import type { Cluster } from "../../deploy/local/cluster.ts";
import { startCluster } from "../../deploy/local/cluster.ts";
import type { NodeCounts } from "../../deploy/local/cluster/plan.ts";
import type { Stack } from "../../deploy/local/stack.ts";
import { stackStatus } from "../../deploy/local/stack.ts";
import type { Config } from "../../config/index.ts";
import { loadConfig } from "../../config/index.ts";
import { migrateUp } from "../../services/node/migrate.ts";
import { startCommand } from "../../services/node/start-command.ts";
import { freePorts } from "../cluster/processes.ts";
import type { Target } from "./processes.ts";
import { startProgram } from "./processes.ts";

/** `whole`: a cluster of which a node runs all services. */
export type Shape = "embedded" | "cluster" | "whole";

export const shapes: readonly Shape[] = ["embedded", "cluster", "whole"];

/** The shop as it is measured. Where it differs from a new one, it is so that prices are easy to reckon and nobody has to log in twice. */
export const settings = {
  DEMO_DATA: "false",
  ADMIN_PASSWORD: "correct horse battery staple",
  SHIPPING_MINOR: "0",
  ACCESS_TOKEN_MINUTES: "60",
  LOG_LEVEL: "warn",
  TRUSTED_PROXIES: "127.0.0.1",
  // All of the load comes from one machine and a few hundred accounts.
  RATE_LIMIT_READS: "1000000000",
  RATE_LIMIT_KEPT: "1000000000",
  RATE_LIMIT_WRITES: "1000000000",
  RATE_LIMIT_AUTH: "1000000000",
  RATE_LIMIT_EXPENSIVE: "1000000000",
} as const;

/** Each service once: on a small machine more processes only take the processor from each other. */
export const oneOfEach = { api: 1, users: 1, catalog: 1, cart: 1, orders: 1, audit: 1 } as const;

export interface ShopUnderBench extends Target {
  /** How its data is reached. */
  readonly config: Config;
  /** Of each of its processes. */
  readonly environment: Readonly<Record<string, string>>;
}

/** One process, with SQLite files in `directory`. `fillData` runs before it starts, on an empty migrated database. */
export async function startEmbedded(
  directory: string,
  { profileInto, fillData }: { profileInto: string | undefined; fillData: (config: Config) => Promise<void> },
): Promise<ShopUnderBench> {
  const [dataDir, port] = [join(directory, "data"), await freePorts(2)];
  await mkdir(dataDir, { recursive: true });
  const environment = { ...settings, DATA_DIR: dataDir, PORT: `${port}` };
  const config = loadConfig(environment);
  await migrateUp(config, () => undefined);
  await fillData(config);
  const target = await startProgram("shop", { args: [...profiling(profileInto), ...startCommand], environment }, /API +(http:\S+)\/api/);
  return { ...target, url: `http://127.0.0.1:${port}`, config, environment };
}

/** A process for each service, or one with all of them, over the stack's servers. */
export async function startNodes(
  stack: Stack,
  counts: Partial<NodeCounts>,
  { profileInto, fillData, log }: { profileInto: string | undefined; fillData: (config: Config) => Promise<void>; log: (line: string) => void },
): Promise<ShopUnderBench & { readonly cluster: Cluster }> {
  const config = loadConfig({ ...stack.environment, ...settings });
  await migrateUp(config, () => undefined);
  await fillData(config);
  const cluster = await startCluster({
    directory: stack.directory,
    port: await freePorts(1),
    counts,
    settings: profileInto === undefined ? settings : { ...settings, NODE_OPTIONS: profiling(profileInto).join(" ") },
    log,
  });
  const nodes = cluster.nodes.map(({ plan, pid }) => [plan.name, pid ?? 0] as const);
  return {
    url: cluster.urls[0] ?? "",
    config,
    environment: { ...stack.environment, ...settings },
    cluster,
    processes: new Map([...nodes, ...(await serversOf(stack, ["rabbitmq", "redis", "primary", "replica-1", "replica-2"]))]),
    stop: () => cluster.stop({ keepStack: true }),
  };
}

/** The stack's servers that run, by name. */
export async function serversOf({ directory }: Stack, names: readonly string[]): Promise<[string, number][]> {
  const { servers } = await stackStatus({ directory });
  return servers.flatMap(({ name, pid }) => (pid !== undefined && names.includes(name) ? [[name, pid] as [string, number]] : []));
}

function profiling(directory: string | undefined): string[] {
  return directory === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${directory}`, "--cpu-prof-interval=500"];
}
