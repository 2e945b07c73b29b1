import type { Database, Tx } from "../../../mixins/database/database.ts";
import type { PricedLine, PricedReservation, ReservationStatus } from "../domain/reservation.ts";
import { unlessTaken } from "./unique.ts";

type ReservationRow = { orderId: string; status: ReservationStatus; leaseUntil: number };
type LineRow = PricedLine & { orderId: string };

export class ReservationRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Adds reservations with their lines.
   *
   * @returns false when one of the orders has got a reservation meanwhile; then the transaction must be given up
   */
  async insert(made: readonly PricedReservation[], now: number, tx: Tx): Promise<boolean> {
    // In the order of their keys, as everyone who locks several.
    const reservations = made.toSorted((a, b) => (a.orderId < b.orderId ? -1 : 1));
    const rows = reservations.map(({ orderId, status, leaseUntil }) => [orderId, status, leaseUntil, now, now]);
    const inserted = await unlessTaken(() =>
      this.#database.execute(
        `INSERT INTO reservations (order_id, status, lease_until, created_at, updated_at)
         VALUES ${rows.map(() => "(?, ?, ?, ?, ?)").join(", ")}`,
        rows.flat(),
        tx,
      ),
    );
    if (inserted === "taken") return false;
    const lines = reservations.flatMap(({ orderId, lines: itsLines }) =>
      itsLines.map((line, position) => [
        orderId,
        line.variantId,
        position,
        line.quantity,
        line.unitPrice,
        line.returned,
      ]),
    );
    await this.#database.execute(
      `INSERT INTO reservation_lines (order_id, variant_id, position, quantity, unit_price, returned)
       VALUES ${lines.map(() => "(?, ?, ?, ?, ?, ?)").join(", ")}`,
      lines.flat(),
      tx,
    );
    return true;
  }

  /** Those of the orders' reservations that there are. It takes no lock. */
  async ofOrders(orderIds: readonly string[], tx: Tx): Promise<PricedReservation[]> {
    return this.#read(orderIds, "", tx);
  }

  /** Reads reservations; until the transaction ends nobody else settles them. */
  async lock(orderIds: readonly string[], tx: Tx): Promise<PricedReservation[]> {
    return this.#read(orderIds, this.#database.forUpdate, tx);
  }

  /** @returns false when its status is no longer `from` */
  async settle(orderId: string, from: ReservationStatus, to: ReservationStatus, now: number, tx: Tx): Promise<boolean> {
    const sql = "UPDATE reservations SET status = ?, updated_at = ? WHERE order_id = ? AND status = ?";
    return (await this.#database.execute(sql, [to, now, orderId, from], tx)) === 1;
  }

  /** Commits those of the orders' reservations that are held. @returns how many */
  async commitHeld(orderIds: readonly string[], now: number, tx: Tx): Promise<number> {
    const sql = "UPDATE reservations SET status = 'committed', updated_at = ? WHERE order_id IN (?) AND status = 'held'";
    return this.#database.execute(sql, [now, orderIds], tx);
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

  async #read(orderIds: readonly string[], locking: string, tx: Tx): Promise<PricedReservation[]> {
    const reservations = await this.#database.select<ReservationRow>(
      `SELECT order_id AS orderId, status, lease_until AS leaseUntil FROM reservations
       WHERE order_id IN (?) ORDER BY order_id${locking}`,
      [orderIds],
      tx,
    );
    if (reservations.length === 0) return [];
    const lines = await this.#database.select<LineRow>(
      `SELECT order_id AS orderId, variant_id AS variantId, quantity, unit_price AS unitPrice, returned
       FROM reservation_lines WHERE order_id IN (?) ORDER BY order_id, position`,
      [reservations.map(({ orderId }) => orderId)],
      tx,
    );
    const byOrder = Map.groupBy(lines, ({ orderId }) => orderId);
    return reservations.map((reservation) => ({
      ...reservation,
      lines: (byOrder.get(reservation.orderId) ?? []).map(({ orderId: _order, ...line }) => line),
    }));
  }
}
