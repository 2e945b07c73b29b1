import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Cluster, NodeProcess } from "../../deploy/local/cluster.ts";
import { startCluster } from "../../deploy/local/cluster.ts";
import { planNodes } from "../../deploy/local/cluster/plan.ts";
import { startStack, stopStack } from "../../deploy/local/stack.ts";
import { freePorts } from "../cluster/processes.ts";
import { noUnpaidLimits } from "../support/no-unpaid-limits.ts";
import { Teardown } from "../support/teardown.ts";
import type { ServerTarget } from "./fault-kinds.ts";
import { Links } from "./links.ts";
import { PaymentProvider } from "./payment-provider.ts";
import { canMount, SmallDisk } from "./small-disk.ts";

export const administrator = { email: "admin@shop.example", password: "correct horse battery staple" };

const counts = { api: 2, users: 2, catalog: 2, cart: 2, orders: 2, rest: 2 };

/** Short terms, so that leases expire, orders expire, sales are released and events are retried within the run. */
const settings = {
  ADMIN_EMAIL: administrator.email,
  ADMIN_PASSWORD: administrator.password,
  DEMO_DATA: "false",
  RESERVATION_LEASE_SECONDS: "15",
  PAYMENT_WINDOW_MINUTES: "1",
  SWEEP_INTERVAL_SECONDS: "1",
  EVENT_BACKOFF_MS: "100,500,2000",
  EVENT_ATTEMPTS: "500",
  ACCESS_TOKEN_MINUTES: "5",
  RETURN_WINDOW_DAYS: "0",
  STAFF_MONEY_PER_DAY: '{"*":null}',
  LOG_LEVEL: "warn",
  LOG_FORMAT: "text",
  ...noUnpaidLimits,
};

export interface ChaosShopOptions {
  /** Whether to move servers to small disks, which takes some time. */
  readonly smallDisks: boolean;
  /** Collects the clean-up. */
  readonly teardown: Teardown;
  /** Whether to keep logs and data, evaluated at the end. */
  readonly keepFiles: () => boolean;
  readonly log: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** A cluster in a temporary directory, with an impairable link between each node and each server. */
export class ShopUnderChaos {
  readonly cluster: Cluster;
  readonly links: Links;
  /** Nodes that died after their start, as reported by the supervisor. */
  readonly deaths: { readonly node: string; readonly how: string; readonly at: number }[];
  readonly disks: readonly SmallDisk[];
  readonly provider: PaymentProvider;

  private constructor(parts: Pick<ShopUnderChaos, "cluster" | "links" | "deaths" | "disks" | "provider">) {
    this.cluster = parts.cluster;
    this.links = parts.links;
    this.deaths = parts.deaths;
    this.disks = parts.disks;
    this.provider = parts.provider;
  }

  static async start({
    smallDisks,
    keepFiles,
    teardown,
    log: tell,
    signal,
  }: ChaosShopOptions): Promise<ShopUnderChaos> {
    const directory = await mkdtemp(join(tmpdir(), "shop-chaos-"));
    teardown.defer(directory, async () => {
      if (keepFiles()) tell(`Files are left in ${directory}`);
      else await rm(directory, { recursive: true, force: true });
    });
    // Unmount disks after their servers have stopped.
    const disks = new Teardown();
    teardown.defer("small disks", async () => {
      const left = await disks.run();
      if (left.length > 0) throw new Error(left.join("; "));
    });
    teardown.defer("servers", () => stopStack({ directory }));
    const stack = await startStack({ directory, fast: true, log: tell, signal });
    const small = smallDisks ? await smallDisksUnder(stack, disks, tell) : [];
    const port = await freePorts(counts.api);
    const links = await Links.open(
      stack.environment,
      planNodes(counts, port).map(({ name }) => name),
    );
    teardown.defer("links", () => links.close());
    const provider = await PaymentProvider.start(directory);
    teardown.defer("the payment provider", () => provider.close());
    const deaths: ShopUnderChaos["deaths"] = [];
    const log = watchDeaths(deaths);
    const settingsOf = ({ name }: { name: string }) => links.settingsOf(name);
    const all = { ...settings, ...provider.settings };
    const cluster = await startCluster({
      directory,
      fast: true,
      port,
      counts,
      settings: all,
      settingsOf,
      log,
      signal,
    });
    teardown.defer("nodes", () => cluster.stop({ keepStack: true }));
    provider.sendWebhooksTo(cluster.urls[0] ?? "");
    return new ShopUnderChaos({ cluster, links, deaths, disks: small, provider });
  }

  get directory(): string {
    return this.cluster.stack.directory;
  }

  get nodeNames(): string[] {
    return this.cluster.nodes.map(({ plan }) => plan.name);
  }

  node(name: string): NodeProcess {
    const node = this.cluster.nodes.find(({ plan }) => plan.name === name);
    if (!node) throw new Error(`there is no node ${name}`);
    return node;
  }

  disk(server: ServerTarget): SmallDisk {
    const disk = this.disks.find((candidate) => candidate.server === server);
    if (!disk) throw new Error(`${server} has no small disk`);
    return disk;
  }
}

async function smallDisksUnder(
  stack: Cluster["stack"],
  unmounting: Teardown,
  log: (line: string) => void,
): Promise<SmallDisk[]> {
  if (!(await canMount())) {
    log("NO DISK WILL BE FULL: this process may not mount file systems (it takes root)");
    return [];
  }
  log("Moving servers to small disks");
  const servers = ["primary", "replica-1", "rabbitmq", "redis"] as const;
  const moving = servers.map((server) =>
    SmallDisk.under(stack, server, (unmount) => unmounting.defer(`the disk of ${server}`, unmount)),
  );
  // Sequential, so that a failure leaves no start in progress.
  await Promise.allSettled(moving);
  return Promise.all(moving);
}

function watchDeaths(deaths: { node: string; how: string; at: number }[]): (line: string) => void {
  const started = new Set<string>();
  return (line) => {
    const [, up] = /^(\S+) \(pid \d+\) is up$/.exec(line) ?? [];
    if (up) started.add(up);
    const [, node, how] = /^(\S+) died \((.*)\): restart in /.exec(line) ?? [];
    if (node && how && started.delete(node)) deaths.push({ node, how, at: Date.now() });
  };
}
