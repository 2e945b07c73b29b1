import { mkdir } from "node:fs/promises";
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

  /** How many events wait in the outboxes, and how many of them are news to the audit trail. */
  async waitingEvents(): Promise<{ waiting: number; news: number }> {
    const outboxes = services.map((service) => `SELECT id FROM shop_${service}.outbox WHERE status = 'waiting'`).join(" UNION ALL ");
    const [row] = await this.#rows<{ waiting: number; known: number }>(
      `SELECT COUNT(*) AS waiting, COUNT(event_id) AS known FROM (${outboxes}) events LEFT JOIN shop_audit.inbox ON event_id = id`,
    );
    return { waiting: Number(row?.waiting), news: Number(row?.waiting) - Number(row?.known) };
  }

  /** @returns an event that waits in the outbox of the users service, and waits no more */
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
    return asAdmin("primary", this.#settings, async (connection) => (await connection.query(sql))[0] as Row[]);
  }
}
