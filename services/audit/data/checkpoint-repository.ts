import type { Database, Tx } from "../../../mixins/database/database.ts";
import type { Checkpoint } from "../domain/checkpoint.ts";

export interface SealedCheckpoint extends Checkpoint {
  readonly seal: string;
}

const columns = "removed_from AS `from`, position, hash, oldest, newest, seal";
const entriesAtOnce = 500;

/** Removal of entries by age, and the checkpoints that replace them. */
export class CheckpointRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The trail starts after the last checkpoint, even while older rows still exist. */
  async last(tx?: Tx): Promise<SealedCheckpoint | undefined> {
    const sql = `SELECT ${columns} FROM audit_checkpoints ORDER BY position DESC LIMIT 1`;
    const [checkpoint] = await this.#database.select<SealedCheckpoint>(sql, [], tx);
    return checkpoint;
  }

  /** Checkpoints that overlap a range (both ends included), in chain order. */
  async of(from: number, to: number): Promise<SealedCheckpoint[]> {
    const sql = `SELECT ${columns} FROM audit_checkpoints WHERE position >= ? AND removed_from <= ? ORDER BY position`;
    return this.#database.select<SealedCheckpoint>(sql, [from, to]);
  }

  /**
   * Time of the latest removed event in milliseconds since the Unix epoch; undefined when none was removed.
   */
  async newestRemoved(tx?: Tx): Promise<number | undefined> {
    const sql = "SELECT MAX(newest) AS newest FROM audit_checkpoints";
    const [row] = await this.#database.select<{ newest: number | null }>(sql, [], tx);
    return row?.newest ?? undefined;
  }

  async add(
    { from, position, hash, oldest, newest, seal }: SealedCheckpoint,
    now: number,
    tx: Tx,
  ): Promise<void> {
    const sql = `INSERT INTO audit_checkpoints (removed_from, position, hash, oldest, newest, seal, created_at)
      VALUES (?, ?, ?, ?, ?, ?, ?)`;
    await this.#database.execute(sql, [from, position, hash, oldest, newest, seal, now], tx);
  }

  /**
   * Removes up to some hundreds of the first entries covered by a checkpoint. On a server a stored procedure
   * does it, since the service's user has no DELETE right.
   */
  async removeSome(upTo: number, tx: Tx): Promise<void> {
    if (this.#database.engine === "mysql") {
      await this.#database.execute("CALL remove_old_entries(?)", [upTo], tx);
      return;
    }
    const sql = `DELETE FROM audit_events WHERE position <= (SELECT MAX(position) FROM audit_checkpoints)
      AND position IN (SELECT position FROM audit_events WHERE position <= ? ORDER BY position LIMIT ?)`;
    await this.#database.execute(sql, [upTo, entriesAtOnce], tx);
  }
}
