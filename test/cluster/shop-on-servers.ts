import { mkdtemp } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Config } from "../../config/index.ts";
import { loadConfig } from "../../config/index.ts";
import { databaseNames, type DatabaseName } from "../../deploy/local/servers/database.ts";
import { startStack, stopStack } from "../../deploy/local/stack.ts";
import { verifyShop } from "../../services/operations/verify/verify-shop.ts";
import type { Finding } from "../../services/operations/verify/report.ts";
import { DatabaseScripts } from "./database-scripts.ts";
import { MovingAddress } from "./moving-address.ts";
import { ClusterUnderTest } from "./proof.ts";
import { loggedInCustomers } from "./shoppers.ts";
import { SteadyBuyers } from "./steady-buyers.ts";

const settleWithinMs = 30_000;

/** A shop on servers as described in deploy/mysql: a moving address leads to the primary. */
export class ShopOnServers {
  readonly cluster: ClusterUnderTest;
  readonly scripts: DatabaseScripts;
  readonly #address: MovingAddress;
  readonly #settings: Readonly<Record<string, string>>;
  readonly #customers: readonly string[];
  readonly #variantId: string;

  private constructor(
    cluster: ClusterUnderTest,
    scripts: DatabaseScripts,
    address: MovingAddress,
    rest: { settings: Readonly<Record<string, string>>; customers: readonly string[]; variantId: string },
  ) {
    this.cluster = cluster;
    this.scripts = scripts;
    this.#address = address;
    this.#settings = rest.settings;
    this.#customers = rest.customers;
    this.#variantId = rest.variantId;
  }

  static async start(): Promise<ShopOnServers> {
    const directory = await mkdtemp(join(tmpdir(), "shop-on-servers-"));
    try {
      const stack = await startStack({ directory, fast: true });
      const scripts = await DatabaseScripts.of(directory);
      await scripts.demand("resume.sh", scripts.serverOf("primary"));
      const address = await MovingAddress.of(scripts.addressFile);
      const settings = {
        DATABASE_PRIMARY: `127.0.0.1:${address.port}`,
        // All servers, since the primary changes.
        DATABASE_REPLICAS: databaseNames.map((name) => scripts.serverOf(name)).join(","),
        SWEEP_INTERVAL_SECONDS: "1",
        // After a lost database connection, a checkout keeps its key for half of this.
        RESERVATION_LEASE_SECONDS: "8",
      };
      const cluster = await ClusterUnderTest.start({ catalog: 1, orders: 1 }, settings, stack);
      const { variantId } = await cluster.addProduct(1_000_000);
      return new ShopOnServers(cluster, scripts, address, {
        settings,
        customers: await loggedInCustomers(4, cluster),
        variantId,
      });
    } catch (error) {
      await stopStack({ directory, purge: true });
      throw error;
    }
  }

  /** Customers who buy continuously. */
  buyers(): SteadyBuyers {
    return new SteadyBuyers(this.cluster, this.#customers, this.#variantId);
  }

  get primary(): DatabaseName {
    const server = readFileSync(this.scripts.addressFile, "utf8");
    const name = databaseNames.find((candidate) => this.scripts.serverOf(candidate) === server);
    if (!name) throw new Error(`the address leads to ${server}`);
    return name;
  }

  /** Its settings, with some replaced. */
  config(replaced: Readonly<Record<string, string>> = {}): Config {
    return loadConfig({ ...this.cluster.cluster.stack.environment, ...this.#settings, ...replaced });
  }

  /** Violations in a settled shop's data. */
  async violations(config = this.config()): Promise<Finding[]> {
    const check = async () => {
      const { findings } = await verifyShop(config, { settled: true, patienceMs: 1000 });
      return findings.filter(({ broken, severity }) => broken > 0 && severity === "violation");
    };
    const deadline = Date.now() + settleWithinMs;
    let broken = await check();
    while (broken.length > 0 && Date.now() < deadline) broken = await check();
    return broken;
  }

  async stop(): Promise<void> {
    await this.cluster.stop();
    await this.#address.close();
  }
}
