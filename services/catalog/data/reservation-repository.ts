import type { Database, Tx } from "../../../mixins/database/database.ts";
import type { Reservation, ReservationStatus, ReservedLine } from "../domain/reservation.ts";

/** A reservation with the prices at which its lines were reserved, in minor units. */
export interface PricedReservation extends Reservation {
  /** Milliseconds since 1970, UTC; counts only while the reservation is held. */
  readonly leaseUntil: number;
  /** In the order of the request. */
  readonly lines: readonly PricedLine[];
}

export interface PricedLine extends ReservedLine {
  readonly unitPrice: number;
}

export class ReservationRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Claims the order's one reservation, still without lines. @returns false when there is one already */
  async start(orderId: string, leaseUntil: number, now: number, tx: Tx): Promise<boolean> {
    const row = { order_id: orderId, status: "held", lease_until: leaseUntil, created_at: now, updated_at: now };
    return this.#database.insertNew("reservations", row, tx);
  }

  async addLines(orderId: string, lines: readonly PricedLine[], tx: Tx): Promise<void> {
    const rows = lines.map((line, position) => [
      orderId,
      line.variantId,
      position,
      line.quantity,
      line.unitPrice,
      line.returned,
    ]);
    await this.#database.execute(
      `INSERT INTO reservation_lines (order_id, variant_id, position, quantity, unit_price, returned)
       VALUES ${rows.map(() => "(?, ?, ?, ?, ?, ?)").join(", ")}`,
      rows.flat(),
      tx,
    );
  }

  /** Reads a reservation; until the transaction ends nobody else settles it. */
  async lock(orderId: string, tx: Tx): Promise<PricedReservation | undefined> {
    const [reservation] = await this.#database.select<{ status: ReservationStatus; leaseUntil: number }>(
      `SELECT status, lease_until AS leaseUntil FROM reservations WHERE order_id = ?${this.#database.forUpdate}`,
      [orderId],
      tx,
    );
    if (!reservation) return undefined;
    const lines = await this.#database.select<PricedLine>(
      `SELECT variant_id AS variantId, quantity, unit_price AS unitPrice, returned FROM reservation_lines
       WHERE order_id = ? ORDER BY position`,
      [orderId],
      tx,
    );
    return { orderId, ...reservation, lines };
  }

  /** @returns false when its status is no longer `from` */
  async settle(orderId: string, from: ReservationStatus, to: ReservationStatus, now: number, tx: Tx): Promise<boolean> {
    const sql = "UPDATE reservations SET status = ?, updated_at = ? WHERE order_id = ? AND status = ?";
    return (await this.#database.execute(sql, [to, now, orderId, from], tx)) === 1;
  }

  /** Notes goods of a locked reservation that came back. */
  async addReturned(orderId: string, variantId: string, quantity: number, tx: Tx): Promise<void> {
    const sql = "UPDATE reservation_lines SET returned = returned + ? WHERE order_id = ? AND variant_id = ?";
    await this.#database.execute(sql, [quantity, orderId, variantId], tx);
  }

  /** Orders whose reservation is held although its lease ran out before `now`, longest first. */
  async overdue(now: number, limit: number): Promise<string[]> {
    const rows = await this.#database.select<{ orderId: string }>(
      `SELECT order_id AS orderId FROM reservations WHERE status = 'held' AND lease_until < ?
       ORDER BY lease_until, order_id LIMIT ?`,
      [now, limit],
    );
    return rows.map((row) => row.orderId);
  }
}
