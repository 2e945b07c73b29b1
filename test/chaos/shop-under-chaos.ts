import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Cluster, NodeProcess } from "../../deploy/local/cluster.ts";
import { startCluster } from "../../deploy/local/cluster.ts";
import { planNodes } from "../../deploy/local/cluster/plan.ts";
import { startStack, stopStack } from "../../deploy/local/stack.ts";
import { freePorts } from "../cluster/processes.ts";
import type { ServerTarget } from "./fault-kinds.ts";
import { Links } from "./links.ts";
import { PaymentProvider } from "./payment-provider.ts";
import { canMount, SmallDisk } from "./small-disk.ts";

export const administrator = { email: "admin@shop.example", password: "correct horse battery staple" };

const counts = { api: 2, users: 2, catalog: 2, cart: 2, orders: 2, audit: 1 };

/** Short terms, so that leases run out, orders expire and events come again while the run lasts. */
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
  LOG_LEVEL: "warn",
  LOG_FORMAT: "text",
};

export interface ChaosShopOptions {
  /** Whether servers' homes move to small disks, which takes some time. */
  readonly smallDisks: boolean;
  readonly tell: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** A whole cluster in a temporary directory, each node of which reaches each server over a link that can fail. */
export class ShopUnderChaos {
  readonly cluster: Cluster;
  readonly links: Links;
  /** What its supervisor told of nodes that died although they had started. */
  readonly deaths: { readonly node: string; readonly how: string; readonly at: number }[];
  readonly disks: readonly SmallDisk[];
  readonly provider: PaymentProvider;
  readonly #down: AsyncDisposableStack;

  private constructor(parts: Pick<ShopUnderChaos, "cluster" | "links" | "deaths" | "disks" | "provider">, down: AsyncDisposableStack) {
    this.cluster = parts.cluster;
    this.links = parts.links;
    this.deaths = parts.deaths;
    this.disks = parts.disks;
    this.provider = parts.provider;
    this.#down = down;
  }

  static async start({ smallDisks, tell, signal }: ChaosShopOptions): Promise<ShopUnderChaos> {
    const directory = await mkdtemp(join(tmpdir(), "shop-chaos-"));
    const down = new AsyncDisposableStack();
    try {
      // Disks go after the servers that use them have stopped.
      const unmounting = down.use(new AsyncDisposableStack());
      down.defer(() => stopStack({ directory }));
      const stack = await startStack({ directory, fast: true, log: tell, signal });
      const disks = smallDisks ? await smallDisksUnder(stack, unmounting, tell) : [];
      const port = await freePorts(counts.api);
      const links = await Links.open(stack.environment, planNodes(counts, port).map(({ name }) => name));
      down.defer(() => links.close());
      const provider = await PaymentProvider.start(directory);
      down.defer(() => provider.close());
      const deaths: ShopUnderChaos["deaths"] = [];
      const log = watchDeaths(deaths);
      const settingsOf = ({ name }: { name: string }) => links.settingsOf(name);
      const all = { ...settings, ...provider.settings };
      const cluster = await startCluster({ directory, fast: true, port, counts, settings: all, settingsOf, log, signal });
      down.defer(() => cluster.stop({ keepStack: true }));
      provider.tell(cluster.urls[0] ?? "");
      return new ShopUnderChaos({ cluster, links, deaths, disks, provider }, down);
    } catch (error) {
      await down.disposeAsync();
      throw error;
    }
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

  /** Ends all of it; `keepFiles` leaves logs and data. */
  async stop({ keepFiles }: { keepFiles: boolean }): Promise<void> {
    const { directory } = this;
    await this.#down.disposeAsync();
    if (!keepFiles) await stopStack({ directory, purge: true });
  }
}

async function smallDisksUnder(
  stack: Cluster["stack"],
  unmounting: AsyncDisposableStack,
  tell: (line: string) => void,
): Promise<SmallDisk[]> {
  if (!(await canMount())) {
    tell("NO DISK WILL BE FULL: this process may not mount file systems (it takes root)");
    return [];
  }
  tell("Moving servers to small disks");
  const servers = ["primary", "replica-1", "rabbitmq", "redis"] as const;
  return Promise.all(servers.map((server) => SmallDisk.under(stack, server, (unmount) => unmounting.defer(unmount))));
}

function watchDeaths(deaths: { node: string; how: string; at: number }[]): (line: string) => void {
  const started = new Set<string>();
  return (line) => {
    const [, up] = /^(\S+) \(pid \d+\) is up$/.exec(line) ?? [];
    if (up) started.add(up);
    const [, node, how] = /^(\S+) died \((.*)\): starting it again/.exec(line) ?? [];
    if (node && how && started.delete(node)) deaths.push({ node, how, at: Date.now() });
  };
}
