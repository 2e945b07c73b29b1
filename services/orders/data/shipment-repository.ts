import type { Database, Tx } from "../../../mixins/database/database.ts";
import type { LineQuantity } from "../domain/fulfilment.ts";
import type { LineDelta, Shipment } from "../domain/shipment.ts";

const columns = `id, order_id AS orderId, status, carrier, tracking_number AS trackingNumber, version,
  packed_at AS packedAt, shipped_at AS shippedAt, delivered_at AS deliveredAt, updated_at AS updatedAt`;

/** Shipments, and the fulfilment counts of order lines. */
export class ShipmentRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async insert(shipment: Shipment, tx: Tx): Promise<void> {
    await this.#database.execute(
      `INSERT INTO shipments (id, order_id, status, carrier, tracking_number, version, packed_at, shipped_at, delivered_at, updated_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        shipment.id,
        shipment.orderId,
        shipment.status,
        shipment.carrier,
        shipment.trackingNumber,
        shipment.version,
        shipment.packedAt,
        shipment.shippedAt,
        shipment.deliveredAt,
        shipment.updatedAt,
      ],
      tx,
    );
    const rows = shipment.lines.map(() => "(?, ?, ?, ?)").join(", ");
    const values = shipment.lines.flatMap(({ lineId, quantity }, index) => [
      shipment.id,
      lineId,
      index,
      quantity,
    ]);
    const sql = `INSERT INTO shipment_lines (shipment_id, order_line_id, line_no, quantity) VALUES ${rows}`;
    await this.#database.execute(sql, values, tx);
  }

  /**
   * Saves a change under optimistic locking.
   *
   * @returns false on a conflict
   */
  async update(shipment: Shipment, tx: Tx): Promise<boolean> {
    const changed = await this.#database.execute(
      `UPDATE shipments SET status = ?, carrier = ?, tracking_number = ?, version = ?, shipped_at = ?, delivered_at = ?,
         updated_at = ? WHERE id = ? AND version = ?`,
      [
        shipment.status,
        shipment.carrier,
        shipment.trackingNumber,
        shipment.version,
        shipment.shippedAt,
        shipment.deliveredAt,
        shipment.updatedAt,
        shipment.id,
        shipment.version - 1,
      ],
      tx,
    );
    return changed === 1;
  }

  /**
   * Moves goods of a line between fulfilment counts.
   *
   * @returns false when fewer are available
   */
  async move(orderId: string, { lineId, packed, shipped, delivered }: LineDelta, tx: Tx): Promise<boolean> {
    const changed = await this.#database.execute(
      `UPDATE order_lines SET packed_quantity = packed_quantity + ?, shipped_quantity = shipped_quantity + ?,
         delivered_quantity = delivered_quantity + ?
       WHERE id = ? AND order_id = ? AND packed_quantity + ? >= 0 AND delivered_quantity + ? <= shipped_quantity + ?
         AND packed_quantity + ? + shipped_quantity + ? <= quantity - withdrawn_quantity`,
      [packed, shipped, delivered, lineId, orderId, packed, delivered, shipped, packed, shipped],
      tx,
    );
    return changed === 1;
  }

  /** Unpacks all packed goods of an order that will not be shipped. */
  async unpackAll(orderId: string, now: number, tx: Tx): Promise<void> {
    const sql = "UPDATE order_lines SET packed_quantity = 0 WHERE order_id = ? AND packed_quantity > 0";
    if ((await this.#database.execute(sql, [orderId], tx)) === 0) return;
    await this.#database.execute(
      "UPDATE shipments SET status = 'cancelled', version = version + 1, updated_at = ? WHERE order_id = ? AND status = 'packed'",
      [now, orderId],
      tx,
    );
  }

  async byId(orderId: string, id: string, tx?: Tx): Promise<Shipment | undefined> {
    const [shipment] = await this.#many("order_id = ? AND id = ?", [orderId, id], tx);
    return shipment;
  }

  /** Oldest first. */
  async ofOrder(orderId: string): Promise<Shipment[]> {
    return this.#many("order_id = ?", [orderId]);
  }

  /** When the last parcel with goods of each part of an order was delivered (ms), by the part's id. */
  async deliveries(orderId: string): Promise<ReadonlyMap<string, number>> {
    const rows = await this.#database.select<{ partId: string; at: number }>(
      `SELECT COALESCE(l.part_id, l.order_id) AS partId, MAX(s.delivered_at) AS at
       FROM shipments s JOIN shipment_lines i ON i.shipment_id = s.id JOIN order_lines l ON l.id = i.order_line_id
       WHERE s.order_id = ? AND s.delivered_at IS NOT NULL GROUP BY partId`,
      [orderId],
    );
    return new Map(rows.map(({ partId, at }) => [partId, at]));
  }

  async #many(where: string, values: readonly string[], tx?: Tx): Promise<Shipment[]> {
    const sql = `SELECT ${columns} FROM shipments WHERE ${where} ORDER BY id`;
    const shipments = await this.#database.select<Omit<Shipment, "lines">>(sql, values, tx);
    if (shipments.length === 0) return [];
    const lines = await this.#database.select<LineQuantity & { shipmentId: string }>(
      `SELECT shipment_id AS shipmentId, order_line_id AS lineId, quantity
       FROM shipment_lines WHERE shipment_id IN (?) ORDER BY shipment_id, line_no`,
      [shipments.map(({ id }) => id)],
      tx,
    );
    const linesOf = Map.groupBy(lines, ({ shipmentId }) => shipmentId);
    return shipments.map((shipment) => ({
      ...shipment,
      lines: (linesOf.get(shipment.id) ?? []).map(({ lineId, quantity }) => ({ lineId, quantity })),
    }));
  }
}
