import { join } from "node:path";
import { mkdir } from "node:fs/promises";
import type { Cluster } from "../../deploy/local/cluster.ts";
import { startCluster } from "../../deploy/local/cluster.ts";
import type { NodeCounts } from "../../deploy/local/cluster/plan.ts";
import type { Stack } from "../../deploy/local/stack.ts";
import { stackStatus } from "../../deploy/local/stack.ts";
import type { Config } from "../../config/index.ts";
import { loadConfig } from "../../config/index.ts";
import { migrateUp } from "../../services/operations/migrate.ts";
import { nodeArguments } from "../../services/node/node-flags.ts";
import { freePorts } from "../cluster/processes.ts";
import { noUnpaidLimits } from "../support/no-unpaid-limits.ts";
import type { Target } from "./processes.ts";
import { startProgram } from "./processes.ts";

/** `whole`: a cluster whose only node runs all services. */
export type Shape = "embedded" | "cluster" | "whole";

export const shapes: readonly Shape[] = ["embedded", "cluster", "whole"];

/** Settings of the measured shop; they differ from the defaults for simple prices and single logins. */
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
  RATE_LIMIT_COUPONS: "1000000000",
  RATE_LIMIT_EXPENSIVE: "1000000000",
  ...noUnpaidLimits,
} as const;

/** One node per service: on a small machine, more processes only compete for the CPU. */
export const oneOfEach = { api: 1, users: 1, catalog: 1, cart: 1, orders: 1, audit: 1 } as const;

export interface ShopUnderBench extends Target {
  /** Access to its data. */
  readonly config: Config;
  /** Of each of its processes. */
  readonly environment: Readonly<Record<string, string>>;
}

/** One process with SQLite files in `directory`. `fillData` runs before, on an empty migrated database. */
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
  const target = await startProgram(
    "shop",
    { args: [...profiling(profileInto), ...nodeArguments], environment },
    /API +(http:\S+)\/api/,
  );
  return { ...target, url: `http://127.0.0.1:${port}`, config, environment };
}

/** One process per service, or one with all of them, on the stack's servers. */
export async function startNodes(
  stack: Stack,
  counts: Partial<NodeCounts>,
  {
    profileInto,
    fillData,
    log,
  }: {
    profileInto: string | undefined;
    fillData: (config: Config) => Promise<void>;
    log: (line: string) => void;
  },
): Promise<ShopUnderBench & { readonly cluster: Cluster }> {
  const config = loadConfig({ ...stack.environment, ...settings });
  await migrateUp(config, () => undefined);
  await fillData(config);
  const cluster = await startCluster({
    directory: stack.directory,
    port: await freePorts(1),
    counts,
    settings:
      profileInto === undefined ? settings : { ...settings, NODE_OPTIONS: profiling(profileInto).join(" ") },
    log,
  });
  const nodes = cluster.nodes.map(({ plan, pid }) => [plan.name, pid ?? 0] as const);
  return {
    url: cluster.urls[0] ?? "",
    config,
    environment: { ...stack.environment, ...settings },
    cluster,
    processes: new Map([
      ...nodes,
      ...(await serversOf(stack, ["rabbitmq", "redis", "primary", "replica-1", "replica-2"])),
    ]),
    stop: () => cluster.stop({ keepStack: true }),
  };
}

/** The stack's running servers by name. */
export async function serversOf({ directory }: Stack, names: readonly string[]): Promise<[string, number][]> {
  const { servers } = await stackStatus({ directory });
  return servers.flatMap(({ name, pid }) =>
    pid !== undefined && names.includes(name) ? [[name, pid] as [string, number]] : [],
  );
}

function profiling(directory: string | undefined): string[] {
  return directory === undefined
    ? []
    : ["--cpu-prof", `--cpu-prof-dir=${directory}`, "--cpu-prof-interval=500"];
}
