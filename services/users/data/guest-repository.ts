import type { Database, Tx } from "../../../mixins/database/database.ts";

/** A customer without an account. Times are milliseconds since the Unix epoch. */
export interface Guest {
  readonly id: string;
  /** Null once the guest is claimed or deleted. */
  readonly email: string | null;
  readonly createdAt: number;
  readonly lastOrderAt: number;
  /** The account that the guest's orders went to. */
  readonly claimedBy: string | null;
}

/** How to reach a guest about one order, besides the address. */
export interface GuestOrder {
  readonly orderId: string;
  readonly guestId: string;
  readonly number: string;
  readonly phone: string | null;
  readonly locale: string | null;
  readonly placedAt: number;
}

const columns = "id, email, created_at AS createdAt, last_order_at AS lastOrderAt, claimed_by AS claimedBy";
const orderColumns = "order_id AS orderId, guest_id AS guestId, number, phone, locale, placed_at AS placedAt";

/** One guest per address. Claiming and deleting end a guest for good; its row stays, for its id. */
export class GuestRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async byId(id: string, tx?: Tx): Promise<Guest | undefined> {
    return this.#one("id = ?", id, tx);
  }

  async byEmail(email: string, tx?: Tx): Promise<Guest | undefined> {
    return this.#one("email = ?", email, tx);
  }

  /** A guest who is neither claimed nor deleted, locked until the transaction ends. */
  async lockOpen(id: string, tx: Tx): Promise<Guest | undefined> {
    return this.#one(`id = ? AND email IS NOT NULL${this.#database.forUpdate}`, id, tx);
  }

  /** Adds the guest of an address, in its own transaction, unless there is one. */
  async insertIfAbsent(email: string, freshId: string, now: number): Promise<void> {
    const fresh = { id: freshId, email, created_at: now, last_order_at: now };
    await this.#database.insertIfAbsentWithAutocommit("guests", fresh);
  }

  /** Adds an order of a locked guest, unless it is known. */
  async addOrder(order: GuestOrder, tx: Tx): Promise<void> {
    const added = await this.#database.insertIfAbsent(
      "guest_orders",
      {
        order_id: order.orderId,
        guest_id: order.guestId,
        number: order.number,
        phone: order.phone,
        locale: order.locale,
        placed_at: order.placedAt,
      },
      tx,
    );
    const sql = "UPDATE guests SET last_order_at = ? WHERE id = ? AND last_order_at < ?";
    if (added) await this.#database.execute(sql, [order.placedAt, order.guestId, order.placedAt], tx);
  }

  async orderById(orderId: string, tx?: Tx): Promise<GuestOrder | undefined> {
    return this.#order("order_id = ?", orderId, tx);
  }

  async orderByNumber(number: string, tx?: Tx): Promise<GuestOrder | undefined> {
    return this.#order("number = ?", number, tx);
  }

  /** @returns false when the guest was claimed or deleted meanwhile; a race has one winner */
  async claim({ id, email }: Guest, userId: string, now: number, tx: Tx): Promise<boolean> {
    const sql = "UPDATE guests SET email = NULL, claimed_by = ?, claimed_at = ? WHERE id = ? AND email = ?";
    return this.#end(id, (await this.#database.execute(sql, [userId, now, id, email], tx)) === 1, tx);
  }

  /** @returns as `claim` */
  async remove({ id, email }: Guest, now: number, tx: Tx): Promise<boolean> {
    const sql = "UPDATE guests SET email = NULL, deleted_at = ? WHERE id = ? AND email = ?";
    return this.#end(id, (await this.#database.execute(sql, [now, id, email], tx)) === 1, tx);
  }

  /** Up to `limit` guests whose last order was placed before `before`. */
  async listOld(before: number, limit: number): Promise<Guest[]> {
    const sql = `SELECT ${columns} FROM guests WHERE last_order_at < ? AND email IS NOT NULL ORDER BY last_order_at LIMIT ?`;
    return this.#database.select<Guest>(sql, [before, limit]);
  }

  /** Ends the guest's tokens, and erases how to reach the guest. */
  async #end(id: string, isEnded: boolean, tx: Tx): Promise<boolean> {
    if (!isEnded) return false;
    for (const table of ["order_tokens", "guest_orders"])
      await this.#database.execute(`DELETE FROM ${table} WHERE guest_id = ?`, [id], tx);
    return true;
  }

  async #one(condition: string, value: string, tx?: Tx): Promise<Guest | undefined> {
    const sql = `SELECT ${columns} FROM guests WHERE ${condition}`;
    const [guest] = await this.#database.select<Guest>(sql, [value], tx);
    return guest;
  }

  async #order(condition: string, value: string, tx?: Tx): Promise<GuestOrder | undefined> {
    const sql = `SELECT ${orderColumns} FROM guest_orders WHERE ${condition}`;
    const [order] = await this.#database.select<GuestOrder>(sql, [value], tx);
    return order;
  }
}
