import { setImmediate } from "node:timers/promises";
import { newId } from "../contract/ids.ts";
import type { Database, Tx } from "../database/database.ts";

/** `upload`: a task's input, removed when it finishes. `result`: a task's output, removed with it. */
type Purpose = "upload" | "result";

const pieceLength = 32 * 1024;

/** Texts of any length that tasks read and write, stored in chunks in the service's database. */
export class FileStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Creates a file. Without a task it is removed after a period without appends. */
  async create(purpose: Purpose, taskId: string | null, now: number, tx: Tx): Promise<string> {
    const id = newId();
    const row = { id, purpose, task_id: taskId, chunks: 0, touched_at: now };
    await this.#database.insertIfAbsent("files", row, tx);
    return id;
  }

  /** @throws Error when the file is gone */
  async append(id: string, content: string, now: number, tx: Tx): Promise<void> {
    const touched = await this.#database.execute(
      "UPDATE files SET chunks = chunks + 1, touched_at = ? WHERE id = ?",
      [now, id],
      tx,
    );
    if (touched === 0) throw new Error(`file ${id} is gone`);
    await this.#database.execute(
      "INSERT INTO file_chunks (file_id, position, content) SELECT id, chunks - 1, ? FROM files WHERE id = ?",
      [content, id],
      tx,
    );
  }

  /** Assigns a complete upload to its task. @throws Error when the file is gone */
  async assign(id: string, taskId: string, tx: Tx): Promise<void> {
    const sql = "UPDATE files SET task_id = ? WHERE id = ? AND task_id IS NULL";
    if ((await this.#database.execute(sql, [taskId, id], tx)) === 0) throw new Error(`file ${id} is gone`);
  }

  async chunk(id: string, position: number): Promise<string | undefined> {
    const [row] = await this.#database.select<{ content: string }>(
      "SELECT content FROM file_chunks WHERE file_id = ? AND position = ?",
      [id, position],
    );
    return row?.content;
  }

  /** Streams a file, at the reader's pace. */
  async *read(id: string): AsyncGenerator<string> {
    for (let position = 0; ; position += 1) {
      const content = await this.chunk(id, position);
      if (content === undefined) return;
      for (const piece of pieces(content)) {
        yield piece;
        // Yield between pieces: their processing is synchronous.
        await setImmediate();
      }
    }
  }

  /** A task's result file and its number of chunks. */
  async resultOf(taskId: string): Promise<{ id: string; chunks: number } | undefined> {
    const [file] = await this.#database.select<{ id: string; chunks: number }>(
      "SELECT id, chunks FROM files WHERE task_id = ? AND purpose = 'result'",
      [taskId],
    );
    return file;
  }

  async remove(id: string, tx: Tx): Promise<void> {
    await this.#database.execute("DELETE FROM file_chunks WHERE file_id = ?", [id], tx);
    await this.#database.execute("DELETE FROM files WHERE id = ?", [id], tx);
  }

  /**
   * Garbage: uploads without a task that were last touched before `before`, uploads of finished tasks, and
   * files of removed tasks.
   */
  async orphans(before: number, limit: number): Promise<string[]> {
    const rows = await this.#database.select<{ id: string }>(
      `SELECT f.id FROM files f LEFT JOIN tasks t ON t.id = f.task_id
       WHERE (f.task_id IS NULL AND f.touched_at < ?)
         OR (f.task_id IS NOT NULL AND t.id IS NULL)
         OR (f.purpose = 'upload' AND t.state IN ('succeeded', 'failed', 'cancelled'))
       ORDER BY f.id LIMIT ?`,
      [before, limit],
    );
    return rows.map((row) => row.id);
  }
}

/** Splits a text into pieces, never within a surrogate pair. */
function* pieces(text: string): Generator<string> {
  for (let from = 0; from < text.length;) {
    const split = text.charCodeAt(from + pieceLength - 1);
    const length = split >= 0xd800 && split <= 0xdbff ? pieceLength + 1 : pieceLength;
    yield text.slice(from, from + length);
    from += length;
  }
}
