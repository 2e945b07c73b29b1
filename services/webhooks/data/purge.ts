import type { Database, Tx } from "../../../mixins/database/database.ts";

/** Removes deliveries, their attempts and events in batches. */
export class Purge {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** @returns the number of removed deliveries that are older */
  async oldDeliveries(before: number, limit: number, tx: Tx): Promise<number> {
    const sql = "SELECT id FROM deliveries WHERE created_at < ? ORDER BY created_at, id LIMIT ?";
    return this.#remove(await this.#database.select<{ id: string }>(sql, [before, limit], tx), tx);
  }

  /** @returns the number of removed deliveries of an endpoint */
  async deliveriesOf(endpointId: string, limit: number, tx: Tx): Promise<number> {
    const sql = "SELECT id FROM deliveries WHERE endpoint_id = ? ORDER BY created_at, id LIMIT ?";
    return this.#remove(await this.#database.select<{ id: string }>(sql, [endpointId, limit], tx), tx);
  }

  /** @returns the number of removed events that arrived earlier and have no delivery */
  async oldEvents(before: number, limit: number, tx: Tx): Promise<number> {
    const isUnused = "NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.event_id = events.id)";
    const old = await this.#database.select<{ id: string }>(
      `SELECT id FROM events WHERE received_at < ? AND ${isUnused} ORDER BY received_at, id LIMIT ?`,
      [before, limit],
      tx,
    );
    if (old.length === 0) return 0;
    const sql = `DELETE FROM events WHERE id IN (?) AND ${isUnused}`;
    return this.#database.execute(sql, [old.map(({ id }) => id)], tx);
  }

  async #remove(rows: readonly { readonly id: string }[], tx: Tx): Promise<number> {
    if (rows.length === 0) return 0;
    const ids = rows.map(({ id }) => id);
    await this.#database.execute("DELETE FROM attempts WHERE delivery_id IN (?)", [ids], tx);
    return this.#database.execute("DELETE FROM deliveries WHERE id IN (?)", [ids], tx);
  }
}
