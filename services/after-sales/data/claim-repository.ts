import type { Database, Tx } from "../../../mixins/database/database.ts";
import type { Goods } from "../domain/after-sale-model.ts";

/** Units of an order line. */
export interface ClaimedUnits {
  readonly lineId: string;
  readonly quantity: number;
}

/** An order line as orders knows it. */
export interface BoughtLine extends ClaimedUnits {
  readonly bought: number;
  /** Recorded as returned in orders, through after-sales or not. */
  readonly returned: number;
}

/** What of each order line after-sales claim or have refunded. Conditional updates decide races. */
export class ClaimRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Claims units for an open request: at most what was bought, less what is given back, refunded or claimed. What
   * after-sales gave back counts even if `returned` was read before.
   *
   * @returns the first line of which fewer are left, with their number; then roll back
   */
  async claim(
    orderId: string,
    lines: readonly BoughtLine[],
    tx: Tx,
  ): Promise<{ readonly lineId: string; readonly limit: number } | undefined> {
    // Lock order: by id, as everywhere.
    for (const line of lines.toSorted((a, b) => (a.lineId < b.lineId ? -1 : 1))) {
      const { lineId, quantity, bought, returned } = line;
      if (await this.#add(line, tx)) continue;
      // Again in any case: the row may have been made between the two.
      await this.#ensure(orderId, line, tx);
      if (await this.#add(line, tx)) continue;
      const [row] = await this.#database.select<{ claimed: number; given: number; kept: number }>(
        "SELECT claimed, returned AS given, kept FROM claims WHERE order_line_id = ?",
        [lineId],
        tx,
      );
      const { claimed, given, kept } = row ?? { claimed: quantity, given: 0, kept: 0 };
      return { lineId, limit: Math.max(0, bought - Math.max(returned, given) - claimed - kept) };
    }
    return undefined;
  }

  /** Frees the units of a request that ended without a refund. */
  async release(lines: readonly ClaimedUnits[], tx: Tx): Promise<void> {
    await this.#move(lines, "claimed", tx);
  }

  /** Units of a request that was refunded: nothing more can be asked for them. */
  async settle(lines: readonly ClaimedUnits[], goods: Goods, tx: Tx): Promise<void> {
    await this.#move(lines, goods === "kept" ? "kept" : "returned", tx);
  }

  async #add({ lineId, quantity, returned }: BoughtLine, tx: Tx): Promise<boolean> {
    const changed = await this.#database.execute(
      `UPDATE claims SET claimed = claimed + ?
       WHERE order_line_id = ? AND claimed + kept + returned + ? <= bought AND claimed + kept + ? <= bought - ?`,
      [quantity, lineId, quantity, quantity, returned],
      tx,
    );
    return changed === 1;
  }

  /** Makes the row of a line that was never claimed. */
  async #ensure(orderId: string, { lineId, bought }: BoughtLine, tx: Tx): Promise<void> {
    const sql = "SELECT order_line_id FROM claims WHERE order_line_id = ?";
    // Select before insert: an insert that hits an existing key locks it, and such locks deadlock.
    if ((await this.#database.select(sql, [lineId], tx)).length > 0) return;
    const row = { order_line_id: lineId, order_id: orderId, bought, claimed: 0, returned: 0, kept: 0 };
    await this.#database.insertIfAbsent("claims", row, tx);
  }

  async #move(lines: readonly ClaimedUnits[], to: "claimed" | "kept" | "returned", tx: Tx): Promise<void> {
    for (const { lineId, quantity } of lines.toSorted((a, b) => (a.lineId < b.lineId ? -1 : 1))) {
      const settled = to === "claimed" ? "" : `, ${to} = ${to} + ?`;
      const changed = await this.#database.execute(
        `UPDATE claims SET claimed = claimed - ?${settled} WHERE order_line_id = ? AND claimed >= ?`,
        [quantity, ...(settled ? [quantity] : []), lineId, quantity],
        tx,
      );
      if (changed !== 1) throw new Error(`fewer than ${quantity} of order line ${lineId} are claimed`);
    }
  }
}
