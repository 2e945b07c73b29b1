import type { ServiceBroker } from "moleculer";
import { createConnection, type Connection, type RowDataPacket } from "mysql2/promise";
import { configOf } from "../../mixins/service/config-of.ts";

/** Reads the catalogue's and the audit service's databases directly. */
export class EventLedger {
  readonly #connection: Connection;

  private constructor(connection: Connection) {
    this.#connection = connection;
  }

  static async open(broker: ServiceBroker): Promise<EventLedger> {
    const { database } = configOf(broker);
    if (database.engine !== "mysql") throw new Error("a cluster has servers");
    return new EventLedger(await createConnection({ ...database.primary, ...database.migration }));
  }

  /** Payload of each event that must have been published, from the rows committed with it. */
  async committed(): Promise<string[]> {
    return this.#texts(`
      SELECT CONCAT('product ', id) AS text FROM shop_catalog.products
      UNION ALL SELECT CONCAT('variant ', id) FROM shop_catalog.variants
      UNION ALL SELECT CONCAT('stock ', reason) FROM shop_catalog.stock_movements`);
  }

  /** Payload of each event recorded by the audit service. */
  async recorded(): Promise<string[]> {
    return this.#texts(`
      SELECT CASE type WHEN 'catalog.changed' THEN CONCAT(entity, ' ', entity_id)
        WHEN 'catalog.stock-changed' THEN CONCAT('stock ', JSON_UNQUOTE(JSON_EXTRACT(details, '$.reason')))
        ELSE type END AS text
      FROM shop_audit.audit_events`);
  }

  async unsent(): Promise<number> {
    return this.#count("SELECT COUNT(*) AS n FROM shop_catalog.outbox WHERE status <> 'sent'");
  }

  async recordedCount(): Promise<number> {
    return this.#count("SELECT COUNT(*) AS n FROM shop_audit.audit_events");
  }

  /** Number of deadlock victims. */
  async deadlocks(): Promise<number> {
    const [rows] = await this.#connection.query<RowDataPacket[]>(
      "SHOW GLOBAL STATUS LIKE 'Innodb_deadlocks'",
    );
    return Number(rows[0]?.["Value"] ?? 0);
  }

  /** Makes the audit service's database reject events of this request. */
  async refuse(requestId: string): Promise<void> {
    await this.#connection.query(
      "ALTER TABLE shop_audit.audit_events ADD CONSTRAINT refused CHECK (request_id <> ?)",
      [requestId],
    );
  }

  async refuseNoMore(): Promise<void> {
    await this.#connection.query("ALTER TABLE shop_audit.audit_events DROP CONSTRAINT refused");
  }

  async close(): Promise<void> {
    await this.#connection.end();
  }

  async #texts(sql: string): Promise<string[]> {
    const [rows] = await this.#connection.query<RowDataPacket[]>(sql);
    return rows.map(({ text }) => String(text)).sort();
  }

  async #count(sql: string): Promise<number> {
    const [rows] = await this.#connection.query<RowDataPacket[]>(sql);
    return Number(rows[0]?.["n"]);
  }
}
