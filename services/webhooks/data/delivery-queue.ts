import { newId } from "../../../mixins/contract/ids.ts";
import type { Database, Tx } from "../../../mixins/database/database.ts";
import type { Attempt, Outcome } from "../domain/outcome.ts";

/** A delivery leased to this node, with what to send. */
export interface ClaimedDelivery {
  readonly id: string;
  readonly eventId: string;
  readonly attempts: number;
  readonly failures: number;
  readonly claim: string;
  readonly body: string;
}

/** Due deliveries. Nodes share them: each attempt is under a lease, which another node takes over when it ends. */
export class DeliveryQueue {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Enabled endpoints with a due delivery. */
  async dueEndpoints(now: number): Promise<string[]> {
    const rows = await this.#database.select<{ id: string }>(
      `SELECT id FROM endpoints WHERE enabled = 1 AND removed_at IS NULL
         AND EXISTS (SELECT 1 FROM deliveries d WHERE d.endpoint_id = endpoints.id AND d.status = 'waiting' AND d.due_at <= ?)
       ORDER BY id`,
      [now],
    );
    return rows.map(({ id }) => id);
  }

  /**
   * Leases due deliveries of an endpoint to the caller.
   *
   * @param limit of deliveries; an ordered endpoint has one under way in the whole cluster
   */
  async claim(
    endpoint: { readonly id: string; readonly ordered: boolean },
    now: number,
    leaseMs: number,
    limit: number,
    tx: Tx,
  ): Promise<ClaimedDelivery[]> {
    const ids = endpoint.ordered
      ? await this.#first(endpoint.id, now, tx)
      : await this.#due(endpoint.id, now, limit, tx);
    if (ids.length === 0) return [];
    const claim = newId();
    await this.#database.execute(
      "UPDATE deliveries SET claim = ?, due_at = ? WHERE id IN (?) AND status = 'waiting' AND due_at <= ?",
      [claim, now + leaseMs, ids, now],
      tx,
    );
    return this.#database.select<ClaimedDelivery>(
      `SELECT d.id, d.event_id AS eventId, d.attempts, d.failures, d.claim, e.body
       FROM deliveries d JOIN events e ON e.id = d.event_id WHERE d.claim = ? ORDER BY d.id`,
      [claim],
      tx,
    );
  }

  /**
   * Records an attempt and what follows from it.
   *
   * @returns false, without a change, when the lease was lost
   */
  async record(
    delivery: ClaimedDelivery,
    attempt: Attempt,
    outcome: Outcome,
    now: number,
    tx: Tx,
  ): Promise<boolean> {
    const isWaiting = outcome.status === "waiting";
    const changed = await this.#database.execute(
      `UPDATE deliveries SET status = ?, attempts = attempts + 1, failures = failures + ?, due_at = ?, claim = NULL, ended_at = ?
       WHERE id = ? AND claim = ? AND status = 'waiting'`,
      [
        outcome.status,
        outcome.status === "delivered" ? 0 : 1,
        isWaiting ? outcome.dueAt : now,
        isWaiting ? null : now,
        delivery.id,
        delivery.claim,
      ],
      tx,
    );
    if (changed === 0) return false;
    const row = {
      delivery_id: delivery.id,
      number: delivery.attempts + 1,
      at: attempt.at,
      duration_ms: attempt.durationMs,
      status: attempt.status,
      error: attempt.error,
      response: attempt.response,
    };
    return this.#database.insertIfAbsent("attempts", row, tx);
  }

  /** Gives a leased delivery back, due at once. */
  async release({ id, claim }: ClaimedDelivery, now: number, tx: Tx): Promise<void> {
    await this.#database.execute(
      "UPDATE deliveries SET claim = NULL, due_at = ? WHERE id = ? AND claim = ? AND status = 'waiting'",
      [now, id, claim],
      tx,
    );
  }

  async #due(endpointId: string, now: number, limit: number, tx: Tx): Promise<string[]> {
    const skip = this.#database.engine === "mysql" ? " FOR UPDATE SKIP LOCKED" : "";
    const rows = await this.#database.select<{ id: string }>(
      `SELECT id FROM deliveries WHERE endpoint_id = ? AND status = 'waiting' AND due_at <= ?
       ORDER BY due_at, id LIMIT ?${skip}`,
      [endpointId, now, limit],
      tx,
    );
    return rows.map(({ id }) => id);
  }

  /** The first of an ordered endpoint, if it is due: while it is under way, or waits to be repeated, it is not. */
  async #first(endpointId: string, now: number, tx: Tx): Promise<string[]> {
    const [first] = await this.#database.select<{ id: string; dueAt: number }>(
      `SELECT id, due_at AS dueAt FROM deliveries WHERE endpoint_id = ? AND status = 'waiting'
       ORDER BY position, id LIMIT 1`,
      [endpointId],
      tx,
    );
    return first && first.dueAt <= now ? [first.id] : [];
  }
}
