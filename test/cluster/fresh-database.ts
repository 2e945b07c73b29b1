import { mkdir } from "node:fs/promises";
import { inside } from "../../deploy/local/directory.ts";
import { ensurePrograms } from "../../deploy/local/packages.ts";
import { choosePorts } from "../../deploy/local/ports.ts";
import { startServer, endServers } from "../../deploy/local/run-servers.ts";
import {
  asAdmin,
  databaseServer,
  makeAccounts,
  makeDataFolders,
} from "../../deploy/local/servers/database.ts";
import type { StackSettings } from "../../deploy/local/state.ts";

const services = ["users", "catalog", "orders", "audit"] as const;

/** An additional database server with the stack's passwords, the shop's accounts and empty schemas. */
export class FreshDatabase {
  readonly #settings: StackSettings;

  private constructor(settings: StackSettings) {
    this.#settings = settings;
  }

  static async start(directory: string, { ports, ...same }: StackSettings): Promise<FreshDatabase> {
    const settings = { ...same, directory, ports: await choosePorts(ports, ["primary"]) };
    await mkdir(directory, { recursive: true });
    const programs = await ensurePrograms({
      yes: true,
      logFile: inside(directory).log("install"),
      log: () => undefined,
    });
    await makeDataFolders(programs, settings, ["primary"]);
    await startServer(databaseServer("primary", settings), programs, settings, new AbortController().signal);
    await makeAccounts(settings);
    return new FreshDatabase(settings);
  }

  get address(): string {
    return `127.0.0.1:${this.#settings.ports.primary}`;
  }

  /** Settings of a shop on this database, without replicas. */
  get settings(): Record<string, string> {
    return { DATABASE_PRIMARY: this.address, DATABASE_REPLICAS: "" };
  }

  async orders(): Promise<Set<string>> {
    return new Set(
      (await this.#rows<{ id: string }>("SELECT id FROM shop_orders.orders")).map(({ id }) => id),
    );
  }

  /** Number of events pending in outboxes, and how many of them the audit trail does not have yet. */
  async waitingEvents(): Promise<{ waiting: number; news: number }> {
    const outboxes = services
      .map((service) => `SELECT id FROM shop_${service}.outbox WHERE status = 'waiting'`)
      .join(" UNION ALL ");
    const [row] = await this.#rows<{ waiting: number; known: number }>(
      `SELECT COUNT(*) AS waiting, COUNT(event_id) AS known FROM (${outboxes}) events LEFT JOIN shop_audit.inbox ON event_id = id`,
    );
    return { waiting: Number(row?.waiting), news: Number(row?.waiting) - Number(row?.known) };
  }

  /** @returns an event pending in the users service's outbox, which it removes */
  async takeFromOutbox(id: string): Promise<string | undefined> {
    return asAdmin("primary", this.#settings, async (connection) => {
      const [rows] = await connection.query("SELECT envelope FROM shop_users.outbox WHERE id = ?", [id]);
      await connection.query("DELETE FROM shop_users.outbox WHERE id = ?", [id]);
      return (rows as { envelope: string }[])[0]?.envelope;
    });
  }

  async stop(): Promise<void> {
    await endServers(this.#settings.directory, ["primary"]);
  }

  #rows<Row>(sql: string): Promise<Row[]> {
    return asAdmin(
      "primary",
      this.#settings,
      async (connection) => (await connection.query(sql))[0] as Row[],
    );
  }
}
