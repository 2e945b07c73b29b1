import type { Database, Tx } from "../database/database.ts";
import { ShopError } from "../contract/errors.ts";

/**
 * The stored files of a service's images, with the number of images that refer to each. A file has its row
 * before it is stored and until it is removed, so no file is unknown.
 */
export class FileRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Announces that a file is about to be stored and referred to.
   *
   * @throws ShopError `unavailable` while an equal file is being removed
   */
  async announce(hash: string, now: number, tx: Tx): Promise<void> {
    const row = { hash, state: "new", reference_count: 0, touched_at: now };
    if (!(await this.#database.insertIfAbsent("media_files", row, tx))) await this.#touch(hash, 0, now, tx);
  }

  /** Counts a reference. @throws ShopError `unavailable` while the file is being removed */
  async refer(hash: string, now: number, tx: Tx): Promise<void> {
    await this.#touch(hash, 1, now, tx);
  }

  /** Drops one reference for each of these hashes, which may repeat. */
  async release(hashes: readonly string[], now: number, tx: Tx): Promise<void> {
    if (hashes.length === 0) return;
    const counts = Map.groupBy(hashes, (hash) => hash);
    const cases = [...counts].map(() => "WHEN ? THEN ?").join(" ");
    await this.#database.execute(
      `UPDATE media_files SET reference_count = reference_count - CASE hash ${cases} ELSE 0 END, touched_at = ?
       WHERE hash IN (?)`,
      [...[...counts].flatMap(([hash, same]) => [hash, same.length]), now, [...counts.keys()]],
      tx,
    );
  }

  /** Whether its renditions are stored. */
  async isReady(hash: string): Promise<boolean> {
    const sql = "SELECT hash FROM media_files WHERE hash = ? AND state = 'ready'";
    return (await this.#database.select(sql, [hash])).length > 0;
  }

  async markReady(hash: string, tx: Tx): Promise<void> {
    const sql = "UPDATE media_files SET state = 'ready' WHERE hash = ? AND state = 'new'";
    await this.#database.execute(sql, [hash], tx);
  }

  /** Files without references that were last touched before a time. */
  async unreferenced(before: number, limit: number): Promise<string[]> {
    const rows = await this.#database.select<{ hash: string }>(
      "SELECT hash FROM media_files WHERE reference_count = 0 AND touched_at < ? ORDER BY touched_at, hash LIMIT ?",
      [before, limit],
    );
    return rows.map(({ hash }) => hash);
  }

  /** Claims a file that was never rendered and that nothing refers to, for removal. @returns whether it is one */
  async claimUnfinished(hash: string, tx: Tx): Promise<boolean> {
    const sql =
      "UPDATE media_files SET state = 'removing' WHERE hash = ? AND reference_count = 0 AND state <> 'ready'";
    return (await this.#database.execute(sql, [hash], tx)) > 0;
  }

  /** Claims a file that nothing has referred to since a time, for removal. @returns whether it is one */
  async claimUnreferenced(hash: string, before: number, tx: Tx): Promise<boolean> {
    const claimed = await this.#database.execute(
      "UPDATE media_files SET state = 'removing' WHERE hash = ? AND reference_count = 0 AND touched_at < ?",
      [hash, before],
      tx,
    );
    return claimed > 0;
  }

  /** Ends a removal, when the files are gone. */
  async remove(hash: string, tx: Tx): Promise<void> {
    await this.#database.execute("DELETE FROM media_files WHERE hash = ? AND state = 'removing'", [hash], tx);
  }

  async #touch(hash: string, references: number, now: number, tx: Tx): Promise<void> {
    const touched = await this.#database.execute(
      `UPDATE media_files SET reference_count = reference_count + ?, touched_at = ?
       WHERE hash = ? AND state <> 'removing'`,
      [references, now, hash],
      tx,
    );
    if (touched === 0)
      throw new ShopError("unavailable", "An equal image is being removed", { retryAfter: 1 });
  }
}
