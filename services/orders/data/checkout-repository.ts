import type { Database, Tx } from "../../../mixins/database/database.ts";
import { responseDigest } from "../domain/response-digest.ts";
import type { Checkout } from "../domain/checkout.ts";

type CheckoutRow = {
  order_id: string;
  customer_id: string;
  client: string | null;
  idempotency_key: string;
  fingerprint: string;
  state: Checkout["state"];
  claim_until: number;
  claimed_at: number;
  response: string | null;
};

const columns =
  "order_id, customer_id, client, idempotency_key, fingerprint, state, claim_until, claimed_at, response";

/** Customer of checkouts that only a settlement query has recorded. */
const placeholder = "-";

/**
 * Checkouts change by compare-and-set only. A row that is gone, or has another `claimUntil`, is lost to its
 * former holder, which makes every outcome final.
 */
export class CheckoutRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** @returns false when the customer used the key before */
  async insert(checkout: Checkout, tx: Tx): Promise<boolean> {
    return this.#database.insertIfAbsent("checkouts", toRow(checkout), tx);
  }

  /** As `insert`, in its own transaction. */
  async claim(checkout: Checkout): Promise<boolean> {
    return this.#database.insertIfAbsentWithAutocommit("checkouts", toRow(checkout));
  }

  /**
   * The customer's earlier checkout under the key. Takes no lock; decisions based on it use compare-and-set.
   */
  async byKey(customerId: string, idempotencyKey: string, tx: Tx): Promise<Checkout | undefined> {
    const [row] = await this.#database.select<CheckoutRow>(
      `SELECT ${columns} FROM checkouts WHERE customer_id = ? AND idempotency_key = ?`,
      [customerId, idempotencyKey],
      tx,
    );
    return row && fromRow(row);
  }

  /**
   * Renews a claim.
   *
   * @returns false when the checkout is no longer as `known`
   */
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
   * Counts other unpaid orders of the customer, and those from its address since `since` (ms). Open checkouts
   * count too: each claims before it counts and so sees all earlier claims, which keeps concurrent ones
   * within the limit.
   */
  async countUnpaid(
    { orderId, customerId, client }: Checkout,
    since: number,
  ): Promise<{ ofCustomer: number; ofClient: number }> {
    const [counts] = await this.#database.select<{ ofCustomer: number; ofClient: number }>(
      `SELECT (SELECT COUNT(*) FROM orders WHERE customer_id = ? AND status = 'placed')
            + (SELECT COUNT(*) FROM checkouts WHERE customer_id = ? AND state = 'open' AND order_id <> ?) AS ofCustomer,
              (SELECT COUNT(*) FROM checkouts c LEFT JOIN orders o ON o.id = c.order_id
               WHERE c.client = ? AND c.claimed_at > ? AND c.order_id <> ?
                 AND (c.state = 'open' OR (c.state = 'placed' AND o.status = 'placed'))) AS ofClient`,
      [customerId, customerId, orderId, client, since, orderId],
    );
    return counts ?? { ofCustomer: 0, ofClient: 0 };
  }

  /**
   * Places the checkout and stores the response. Any holder may do so: all work for the same request under
   * the same reservation.
   *
   * @returns false when it was placed, abandoned or withdrawn meanwhile
   */
  async place({ orderId: id, fingerprint }: Checkout, response: string, tx: Tx): Promise<boolean> {
    const sql =
      "UPDATE checkouts SET state = 'placed', response = ?, response_digest = ? WHERE order_id = ? AND state = 'open'";
    return (
      (await this.#database.execute(
        sql,
        [response, responseDigest({ id, fingerprint, response }), id],
        tx,
      )) === 1
    );
  }

  /** Replaces the response stored in this transaction. */
  async keepResponse({ orderId: id, fingerprint }: Checkout, response: string, tx: Tx): Promise<void> {
    const sql = "UPDATE checkouts SET response = ?, response_digest = ? WHERE order_id = ?";
    await this.#database.execute(sql, [response, responseDigest({ id, fingerprint, response }), id], tx);
  }

  /**
   * Removes a failed checkout, so that its key is free again.
   *
   * @returns true when its order is ruled out; false when the caller no longer holds it
   */
  async withdraw(held: Checkout, tx: Tx): Promise<boolean> {
    const sql = "DELETE FROM checkouts WHERE order_id = ? AND state = 'open' AND claim_until = ?";
    return (await this.#database.execute(sql, [held.orderId, held.claimUntil], tx)) === 1;
  }

  /** Rules out unfinished checkouts, including ones unknown here. */
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

  /**
   * Removes up to `limit` checkouts claimed before `before`.
   *
   * @returns how many
   */
  async removeOld(before: number, limit: number, tx: Tx): Promise<number> {
    const sql = `SELECT order_id FROM checkouts WHERE claimed_at < ? ORDER BY claimed_at LIMIT ?${this.#database.forUpdate}`;
    const rows = await this.#database.select<{ order_id: string }>(sql, [before, limit], tx);
    if (rows.length === 0) return 0;
    return this.#database.execute(
      "DELETE FROM checkouts WHERE order_id IN (?)",
      [rows.map((row) => row.order_id)],
      tx,
    );
  }
}

function tombstone(orderId: string, now: number): Checkout {
  return {
    orderId,
    customerId: placeholder,
    client: null,
    idempotencyKey: orderId,
    fingerprint: placeholder,
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
    client: row.client,
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
    client: checkout.client,
    idempotency_key: checkout.idempotencyKey,
    fingerprint: checkout.fingerprint,
    state: checkout.state,
    claim_until: checkout.claimUntil,
    claimed_at: checkout.claimedAt,
    response: checkout.response,
  };
}
