import type { Database, Tx } from "../../../mixins/database/database.ts";

/** Outcome of a provider's notification. */
export type NoticeOutcome = "applied" | "ignored" | "unknown" | "mismatched";

/** A provider's notification, unique by its id. */
export interface PaymentNotice {
  readonly provider: string;
  readonly eventId: string;
  readonly type: string;
  /** The provider's id of the payment or refund. */
  readonly reference: string | null;
  readonly receivedAt: number;
}

export class PaymentNoticeRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Concurrent duplicates wait for the first.
   *
   * @returns false for a duplicate
   */
  async insert({ provider, eventId, type, reference, receivedAt }: PaymentNotice, tx: Tx): Promise<boolean> {
    const row = { provider, event_id: eventId, type, reference, outcome: "ignored", received_at: receivedAt };
    return this.#database.insertIfAbsent("payment_notices", row, tx);
  }

  async keepOutcome({ provider, eventId }: PaymentNotice, outcome: NoticeOutcome, tx: Tx): Promise<void> {
    const sql = "UPDATE payment_notices SET outcome = ? WHERE provider = ? AND event_id = ?";
    await this.#database.execute(sql, [outcome, provider, eventId], tx);
  }

  /**
   * Removes up to `limit` notifications received before `before`.
   *
   * @returns how many
   */
  async removeOld(before: number, limit: number, tx: Tx): Promise<number> {
    const sql = "SELECT event_id FROM payment_notices WHERE received_at < ? ORDER BY received_at LIMIT ?";
    const rows = await this.#database.select<{ event_id: string }>(sql, [before, limit], tx);
    if (rows.length === 0) return 0;
    const ids = rows.map((row) => row.event_id);
    return this.#database.execute(
      "DELETE FROM payment_notices WHERE event_id IN (?) AND received_at < ?",
      [ids, before],
      tx,
    );
  }
}
