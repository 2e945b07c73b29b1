import type { Database, Tx } from "../../../mixins/database/database.ts";

/**
 * An attempt to promise a replacement, under whose id its stock is reserved.
 * - `open`: in progress, or interrupted
 * - `promised`: the after-sale was approved with it
 * - `abandoned`: ruled out, as catalog was told
 * - `released`: it is not to be sent; `sent`: it was
 */
export type ReplacementState = "open" | "promised" | "abandoned" | "released" | "sent";

/** The first of `promise` and `abandon` decides for good. */
export class ReplacementRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async open(id: string, afterSaleId: string, now: number, tx: Tx): Promise<void> {
    await this.#database.execute(
      "INSERT INTO replacements (id, after_sale_id, state, created_at) VALUES (?, ?, 'open', ?)",
      [id, afterSaleId, now],
      tx,
    );
  }

  /** @returns false when it is in another state */
  async move(id: string, from: ReplacementState, to: ReplacementState, tx: Tx): Promise<boolean> {
    const sql = "UPDATE replacements SET state = ? WHERE id = ? AND state = ?";
    return (await this.#database.execute(sql, [to, id, from], tx)) === 1;
  }

  /** Rules out those that are not promised. */
  async abandonOpen(ids: readonly string[], tx: Tx): Promise<void> {
    const sql = "UPDATE replacements SET state = 'abandoned' WHERE id IN (?) AND state = 'open'";
    await this.#database.execute(sql, [ids], tx);
  }

  /** Those that were promised, now or before. */
  async promised(ids: readonly string[], tx: Tx): Promise<Set<string>> {
    const rows = await this.#database.select<{ id: string }>(
      "SELECT id FROM replacements WHERE id IN (?) AND state IN ('promised', 'released', 'sent')",
      [ids],
      tx,
    );
    return new Set(rows.map(({ id }) => id));
  }
}
