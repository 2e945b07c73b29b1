import type { Database, Tx } from "../../../mixins/database/database.ts";
import { newId } from "../../../mixins/contract/ids.ts";
import type { Order } from "../domain/order-model.ts";
import type { OrderStatus } from "../domain/order-status.ts";

export interface TimelineEntry {
  /** What happened to the order or to a part of it, mostly named as the status that it leads to. */
  readonly event: OrderStatus | "unpacked" | "received";
  /** `user:<id>`, `system:<name>` or `operator:<name>`. */
  readonly actor: string;
  readonly reason: string | null;
}

export class TimelineRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Records the step that led to the order's present version. */
  async add(order: Order, entry: TimelineEntry, tx: Tx): Promise<void> {
    await this.#database.execute(
      `INSERT INTO timeline (id, order_id, order_version, event, actor, reason, happened_at, parts_due)
       VALUES (?, ?, ?, ?, ?, ?, ?, 0)`,
      [newId(), order.id, order.version, entry.event, entry.actor, entry.reason, order.updatedAt],
      tx,
    );
  }

  /** In chronological order. */
  async ofOrder(orderId: string): Promise<(TimelineEntry & { readonly happenedAt: number })[]> {
    return this.#database.select<TimelineEntry & { happenedAt: number }>(
      "SELECT event, actor, reason, happened_at AS happenedAt FROM timeline WHERE order_id = ? ORDER BY order_version",
      [orderId],
    );
  }
}
