import type { Database, Tx } from "../../../mixins/database/database.ts";
import type { Holding } from "../domain/allocate-stock.ts";
import type { LeaseHolder, PricedLine, PricedReservation, ReservationStatus } from "../domain/reservation.ts";
import { unlessTaken } from "../../../mixins/database/unless-taken.ts";

type ReservationRow = { orderId: string; status: ReservationStatus; leaseUntil: number };
type HoldingRow = {
  orderId: string;
  status: ReservationStatus;
  leaseUntil: number;
  variantId: string | null;
  quantity: number;
};
type LineRow = PricedLine & { orderId: string };

/** Placeholder, since `IN ()` is invalid SQL. */
const noHolder = "-";

export class ReservationRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Inserts reservations with their lines.
   *
   * @returns false when an order got a reservation concurrently; then roll back
   */
  async insert(
    made: readonly (PricedReservation & {
      readonly holder: string | null;
      readonly settledBy: LeaseHolder;
    })[],
    now: number,
    tx: Tx,
  ): Promise<boolean> {
    // Lock order: by key, as everywhere.
    const reservations = made.toSorted((a, b) => (a.orderId < b.orderId ? -1 : 1));
    const rows = reservations.map(({ orderId, status, leaseUntil, holder, settledBy }) => [
      orderId,
      status,
      leaseUntil,
      now,
      now,
      holder,
      settledBy,
    ]);
    const inserted = await unlessTaken(() =>
      this.#database.execute(
        `INSERT INTO reservations (order_id, status, lease_until, created_at, updated_at, holder, settled_by)
         VALUES ${rows.map(() => "(?, ?, ?, ?, ?, ?, ?)").join(", ")}`,
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

  /**
   * Existing reservations of the orders, and the quantities that unpaid reservations hold per holder and
   * variant. Takes no lock.
   */
  async ofOrdersAndHolders(
    orderIds: readonly string[],
    holders: readonly string[],
    variantIds: readonly string[],
    tx: Tx,
  ): Promise<{ known: PricedReservation[]; holdings: Holding[] }> {
    // A single statement, since every checkout waits for it.
    const rows = await this.#database.select<HoldingRow>(
      `SELECT order_id AS orderId, status, lease_until AS leaseUntil, NULL AS variantId, 0 AS quantity
       FROM reservations WHERE order_id IN (?)
       UNION ALL
       SELECT r.holder, 'held', 0, l.variant_id, CAST(SUM(l.quantity) AS SIGNED)
       FROM reservations r JOIN reservation_lines l ON l.order_id = r.order_id
       WHERE r.holder IN (?) AND l.variant_id IN (?) GROUP BY r.holder, l.variant_id`,
      [orderIds, holders.length === 0 ? [noHolder] : holders, variantIds],
      tx,
    );
    const known = rows.filter(({ variantId }) => variantId === null);
    const holdings = rows.flatMap(({ orderId: holder, variantId, quantity }) =>
      variantId === null ? [] : [{ holder, variantId, quantity }],
    );
    return { known: await this.#withLines(known, tx), holdings };
  }

  /** Reads reservations and locks them until the transaction ends. */
  async lock(orderIds: readonly string[], tx: Tx): Promise<PricedReservation[]> {
    return this.#read(orderIds, this.#database.forUpdate, tx);
  }

  /** @returns false when its status has changed from `from` */
  async settle(
    orderId: string,
    from: ReservationStatus,
    to: ReservationStatus,
    now: number,
    tx: Tx,
  ): Promise<boolean> {
    // Committed and released reservations have no holder.
    const holder = to === "committed" ? "holder" : "NULL";
    const sql = `UPDATE reservations SET status = ?, updated_at = ?, holder = ${holder} WHERE order_id = ? AND status = ?`;
    return (await this.#database.execute(sql, [to, now, orderId, from], tx)) === 1;
  }

  /**
   * Commits the orders' reservations in status `held`.
   *
   * @returns how many
   */
  async commitHeld(orderIds: readonly string[], now: number, tx: Tx): Promise<number> {
    const sql =
      "UPDATE reservations SET status = 'committed', updated_at = ? WHERE order_id IN (?) AND status = 'held'";
    return this.#database.execute(sql, [now, orderIds], tx);
  }

  /** Records returned goods of a locked reservation. */
  async addReturned(orderId: string, variantId: string, quantity: number, tx: Tx): Promise<void> {
    const sql = "UPDATE reservation_lines SET returned = returned + ? WHERE order_id = ? AND variant_id = ?";
    await this.#database.execute(sql, [quantity, orderId, variantId], tx);
  }

  /** Ids of a holder's reservations whose lease expired before `now`, oldest first. */
  async overdue(holder: LeaseHolder, now: number, limit: number): Promise<string[]> {
    const rows = await this.#database.select<{ orderId: string }>(
      `SELECT order_id AS orderId FROM reservations WHERE status = 'held' AND lease_until < ? AND settled_by = ?
       ORDER BY lease_until, order_id LIMIT ?`,
      [now, holder, limit],
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
    return this.#withLines(reservations, tx);
  }

  async #withLines(reservations: readonly ReservationRow[], tx: Tx): Promise<PricedReservation[]> {
    if (reservations.length === 0) return [];
    const lines = await this.#database.select<LineRow>(
      `SELECT order_id AS orderId, variant_id AS variantId, quantity, unit_price AS unitPrice, returned
       FROM reservation_lines WHERE order_id IN (?) ORDER BY order_id, position`,
      [reservations.map(({ orderId }) => orderId)],
      tx,
    );
    const byOrder = Map.groupBy(lines, ({ orderId }) => orderId);
    return reservations.map(({ orderId, status, leaseUntil }) => ({
      orderId,
      status,
      leaseUntil,
      lines: (byOrder.get(orderId) ?? []).map(({ orderId: _order, ...line }) => line),
    }));
  }
}
