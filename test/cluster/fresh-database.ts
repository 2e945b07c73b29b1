import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { inside } from "../../deploy/local/directory.ts";
import { ensurePrograms } from "../../deploy/local/packages.ts";
import { choosePorts } from "../../deploy/local/ports.ts";
import { bringUp, endServers } from "../../deploy/local/run-servers.ts";
import { asAdmin, databaseServer, makeAccounts, makeDataFolders } from "../../deploy/local/servers/database.ts";
import type { StackSettings } from "../../deploy/local/state.ts";

const services = ["users", "catalog", "orders", "audit"] as const;

/** A database server with the shop's accounts and empty schemas, beside a stack and with its passwords. */
export class FreshDatabase {
  readonly #settings: StackSettings;

  private constructor(settings: StackSettings) {
    this.#settings = settings;
  }

  static async start(directory: string, { ports, ...same }: StackSettings): Promise<FreshDatabase> {
    const settings = { ...same, directory, ports: await choosePorts(ports, ["primary"]) };
    await mkdir(directory, { recursive: true });
    const programs = await ensurePrograms({ yes: true, logFile: inside(directory).log("install"), log: () => undefined });
    await makeDataFolders(programs, settings, ["primary"]);
    await bringUp(databaseServer("primary", settings), programs, settings, new AbortController().signal);
    await makeAccounts(settings);
    return new FreshDatabase(settings);
  }

  get address(): string {
    return `127.0.0.1:${this.#settings.ports.primary}`;
  }

  /** For a shop whose data are here, without replicas. */
  get settings(): Record<string, string> {
    return { DATABASE_PRIMARY: this.address, DATABASE_REPLICAS: "" };
  }

  async orders(): Promise<Set<string>> {
    return new Set((await this.#rows<{ id: string }>("SELECT id FROM shop_orders.orders")).map(({ id }) => id));
  }

  async waitingEvents(): Promise<number> {
    const counts = services.map((service) => `(SELECT COUNT(*) FROM shop_${service}.outbox WHERE status = 'waiting')`);
    const [row] = await this.#rows<{ n: number }>(`SELECT ${counts.join(" + ")} AS n`);
    return Number(row?.n);
  }

  async stop(): Promise<void> {
    await endServers(this.#settings.directory, ["primary"]);
  }

  #rows<Row>(sql: string): Promise<Row[]> {
    return asAdmin("primary", this.#settings, async (connection) => (await connection.query(sql))[0] as Row[]);
  }
}
