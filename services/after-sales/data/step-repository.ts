import { newId } from "../../../mixins/contract/ids.ts";
import type { Database, Tx } from "../../../mixins/database/database.ts";
import type { AfterSale } from "../domain/after-sale-model.ts";
import type { AfterSaleStatus, AfterSaleStep } from "../domain/transitions.ts";

export interface StepEntry {
  readonly step: AfterSaleStep;
  /** `user:<id>`, `system:<name>` or `operator:<name>`. */
  readonly actor: string;
  readonly reason: string | null;
}

/** The timelines of after-sales: one entry for each version. */
export class StepRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Records the step that led to the present version. */
  async add({ id, version, status, updatedAt }: AfterSale, entry: StepEntry, tx: Tx): Promise<void> {
    await this.#database.execute(
      `INSERT INTO after_sale_steps (id, after_sale_id, version, step, status, actor, reason, happened_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      [newId(), id, version, entry.step, status, entry.actor, entry.reason, updatedAt],
      tx,
    );
  }

  /** In chronological order. */
  async of(
    afterSaleId: string,
  ): Promise<(StepEntry & { readonly status: AfterSaleStatus; readonly happenedAt: number })[]> {
    return this.#database.select(
      `SELECT step, status, actor, reason, happened_at AS happenedAt FROM after_sale_steps
       WHERE after_sale_id = ? ORDER BY version`,
      [afterSaleId],
    );
  }

  /** Whether somebody took one of the steps. */
  async wasTakenBy(
    afterSaleId: string,
    steps: readonly AfterSaleStep[],
    actor: string,
    tx: Tx,
  ): Promise<boolean> {
    const rows = await this.#database.select(
      "SELECT id FROM after_sale_steps WHERE after_sale_id = ? AND step IN (?) AND actor = ? LIMIT 1",
      [afterSaleId, steps, actor],
      tx,
    );
    return rows.length > 0;
  }

  /** Erases what the buyer wrote. */
  async eraseReasons(afterSaleId: string, actor: string, tx: Tx): Promise<void> {
    await this.#database.execute(
      "UPDATE after_sale_steps SET reason = NULL WHERE after_sale_id = ? AND actor = ?",
      [afterSaleId, actor],
      tx,
    );
  }
}
