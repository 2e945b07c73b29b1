import type { Database, Tx } from "../../../mixins/database/database.ts";
import type { Checkout } from "../domain/checkout.ts";

type CheckoutRow = {
  order_id: string;
  customer_id: string;
  idempotency_key: string;
  fingerprint: string;
  state: Checkout["state"];
  claim_until: number;
  claimed_at: number;
  response: string | null;
};

const columns = "order_id, customer_id, idempotency_key, fingerprint, state, claim_until, claimed_at, response";

/** The customer of checkouts that are known only because someone asked what became of them. */
const nobody = "-";

/**
 * Checkouts change by compare-and-set only. A row that is gone, or that has another `claimUntil` than its holder
 * knows, is as good as lost to that holder: this is what makes every outcome final.
 */
export class CheckoutRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** @returns false when the customer used the key before */
  async insert(checkout: Checkout, tx: Tx): Promise<boolean> {
    return this.#database.insertNew("checkouts", toRow(checkout), tx);
  }

  /** As `insert`, in a transaction of its own. */
  async claim(checkout: Checkout): Promise<boolean> {
    return this.#database.insertNewAlone("checkouts", toRow(checkout));
  }

  /** What the customer did with the key before. It takes no lock: whatever is decided on it is compared and set. */
  async byKey(customerId: string, idempotencyKey: string, tx: Tx): Promise<Checkout | undefined> {
    const [row] = await this.#database.select<CheckoutRow>(
      `SELECT ${columns} FROM checkouts WHERE customer_id = ? AND idempotency_key = ?`,
      [customerId, idempotencyKey],
      tx,
    );
    return row && fromRow(row);
  }

  /** Claims a checkout anew. @returns false when it is no longer as `known` */
  async renew(known: Checkout, renewed: Checkout, tx: Tx): Promise<boolean> {
    const changed = await this.#database.execute(
      `UPDATE checkouts SET order_id = ?, state = 'open', claim_until = ?, claimed_at = ?
       WHERE order_id = ? AND state = ? AND claim_until = ?`,
      [renewed.orderId, renewed.claimUntil, renewed.claimedAt, known.orderId, known.state, known.claimUntil],
      tx,
    );
    return changed === 1;
  }

  /**
   * Decides that the checkout becomes an order, and keeps the answer. Whoever holds it by now may do so: they all work
   * for the same request and under the same reservation.
   *
   * @returns false when it was placed, abandoned or withdrawn meanwhile
   */
  async place(orderId: string, response: string, tx: Tx): Promise<boolean> {
    const sql = "UPDATE checkouts SET state = 'placed', response = ? WHERE order_id = ? AND state = 'open'";
    return (await this.#database.execute(sql, [response, orderId], tx)) === 1;
  }

  /** Keeps another answer than the one with which the checkout was placed in this transaction. */
  async keepResponse(orderId: string, response: string, tx: Tx): Promise<void> {
    await this.#database.execute("UPDATE checkouts SET response = ? WHERE order_id = ?", [response, orderId], tx);
  }

  /**
   * Forgets a checkout that failed, so that its key can be used again.
   *
   * @returns whether it did: then its order will never exist. False when it is no longer the holder's
   */
  async withdraw(held: Checkout, tx: Tx): Promise<boolean> {
    const sql = "DELETE FROM checkouts WHERE order_id = ? AND state = 'open' AND claim_until = ?";
    return (await this.#database.execute(sql, [held.orderId, held.claimUntil], tx)) === 1;
  }

  /** Makes sure that no unfinished checkout of these becomes an order, not even one that is not known here. */
  async abandonUnfinished(orderIds: readonly string[], now: number, tx: Tx): Promise<void> {
    const sql = "SELECT order_id FROM checkouts WHERE order_id IN (?)";
    const rows = await this.#database.select<{ order_id: string }>(sql, [orderIds], tx);
    const known = new Set(rows.map((row) => row.order_id));
    for (const orderId of orderIds) if (!known.has(orderId)) await this.insert(tombstone(orderId, now), tx);
    await this.#database.execute(
      "UPDATE checkouts SET state = 'abandoned' WHERE order_id IN (?) AND state = 'open'",
      [orderIds],
      tx,
    );
  }

  /** Forgets up to `limit` checkouts that were claimed before `before`. @returns how many */
  async forget(before: number, limit: number, tx: Tx): Promise<number> {
    const sql = `SELECT order_id FROM checkouts WHERE claimed_at < ? ORDER BY claimed_at LIMIT ?${this.#database.forUpdate}`;
    const rows = await this.#database.select<{ order_id: string }>(sql, [before, limit], tx);
    if (rows.length === 0) return 0;
    return this.#database.execute("DELETE FROM checkouts WHERE order_id IN (?)", [rows.map((row) => row.order_id)], tx);
  }
}

function tombstone(orderId: string, now: number): Checkout {
  return {
    orderId,
    customerId: nobody,
    idempotencyKey: orderId,
    fingerprint: nobody,
    state: "abandoned",
    claimUntil: now,
    claimedAt: now,
    response: null,
  };
}

function fromRow(row: CheckoutRow): Checkout {
  return {
    orderId: row.order_id,
    customerId: row.customer_id,
    idempotencyKey: row.idempotency_key,
    fingerprint: row.fingerprint,
    state: row.state,
    claimUntil: row.claim_until,
    claimedAt: row.claimed_at,
    response: row.response,
  };
}

function toRow(checkout: Checkout): CheckoutRow {
  return {
    order_id: checkout.orderId,
    customer_id: checkout.customerId,
    idempotency_key: checkout.idempotencyKey,
    fingerprint: checkout.fingerprint,
    state: checkout.state,
    claim_until: checkout.claimUntil,
    claimed_at: checkout.claimedAt,
    response: checkout.response,
  };
}
