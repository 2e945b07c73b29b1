import type { Config } from "../../config/index.ts";
import { loadConfig } from "../../config/index.ts";
import type { Cluster } from "../../deploy/local/cluster.ts";
import { startCluster } from "../../deploy/local/cluster.ts";
import { migrateUp } from "../../services/operations/migrate.ts";
import { fillCatalogue } from "../bench/data/catalogue.ts";
import { closeData, withData } from "../bench/data/databases.ts";
import type { Person } from "../bench/data/people.ts";
import { preparePeople } from "../bench/data/people.ts";
import { productCount } from "../bench/bench.ts";
import { serversOf, settings } from "../bench/shop.ts";
import { temporaryStack } from "../bench/temporary-stack.ts";
import { freePorts } from "../cluster/processes.ts";
import { CpuGroup } from "./cgroup.ts";

/** Services on each machine. The others run once, beside the servers, on a machine without a limit. */
const onEachMachine: readonly string[] = ["api", "catalog", "orders"];

/** A full garbage collection of 100 ms CPU time takes longer than three heartbeats on a tenth of a CPU. */
const lenientTimeouts = { ...settings, HEARTBEAT_SECONDS: "3" } as const;

/** A shop on machines of equal size, to which more can be added. */
export interface GrowingShop {
  readonly config: Config;
  readonly customers: readonly Person[];
  /** The gateways, one on each machine. */
  readonly urls: readonly string[];
  /** All processes of nodes and servers, by name: `catalog-2`, `primary`. */
  processes(): Promise<ReadonlyMap<string, number>>;
  /**
   * Adds machines up to this number. Limits all after `exercise`: starts and warm-up would take minutes under
   * the limit.
   */
  growTo(machines: number, exercise: () => Promise<void>): Promise<void>;
}

export interface MachineOptions {
  /** Of one processor, for all that runs on a machine. */
  readonly share: number;
  readonly most: number;
  readonly log: (line: string) => void;
}

/** Starts servers and a first machine with the same catalogue, runs `use`, and removes them. */
export async function withMachines<T>(
  { share, most, log }: MachineOptions,
  use: (shop: GrowingShop) => Promise<T>,
): Promise<T> {
  await using undo = new AsyncDisposableStack();
  const { stack } = await temporaryStack("shop-scale-", undo, log);

  log(`Filling the catalogue: ${productCount} products`);
  undo.defer(closeData);
  const config = loadConfig({ ...stack.environment, ...settings });
  await migrateUp(config, () => undefined);
  await withData(config, "catalog", (database) => fillCatalogue(database, productCount));

  log("Starting the first machine");
  const groups: CpuGroup[] = [];
  // When its processes have ended.
  undo.defer(() => Promise.resolve(groups.forEach((group) => group.remove())));
  const counts = { api: 1, users: 1, catalog: 1, cart: 1, orders: 1, audit: 1 };
  const cluster = await startCluster({
    directory: stack.directory,
    port: await freePorts(most),
    counts,
    settings: lenientTimeouts,
  });
  undo.defer(() => cluster.stop({ keepStack: true }));
  const found = (machine: number) => {
    const group = new CpuGroup(`${process.pid}-${machine}`);
    groups.push(group);
    for (const service of onEachMachine) group.add(pidOf(cluster, `${service}-${machine}`));
  };
  found(1);

  return await use({
    config,
    customers: await preparePeople(config, 500),
    urls: cluster.urls,
    processes: async () =>
      new Map([
        ...cluster.nodes.map(({ plan: { name } }): [string, number] => [name, pidOf(cluster, name)]),
        ...(await serversOf(stack, ["rabbitmq", "redis", "primary", "replica-1", "replica-2"])),
      ]),
    async growTo(machines, exercise) {
      for (const group of groups) group.limit(undefined);
      const more = Array.from({ length: machines - groups.length }, () => onEachMachine).flat();
      if (more.length > 0) await cluster.add(more);
      while (groups.length < machines) found(groups.length + 1);
      await exercise();
      for (const group of groups) group.limit(share);
    },
  });
}

/** @throws Error when the node has died meanwhile, which invalidates the measurement */
function pidOf({ nodes }: Cluster, name: string): number {
  const node = nodes.find(({ plan }) => plan.name === name);
  if (node?.pid === undefined || node.restarts > 0) throw new Error(`${name} has died`);
  return node.pid;
}
