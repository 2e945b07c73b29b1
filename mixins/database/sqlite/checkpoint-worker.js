import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";

/**
 * Checkpoints a file, in a worker thread. JavaScript, because the TypeScript loader takes 12 MB per thread.
 *
 * @param {string} file
 * @throws {Error} also when it no longer exists
 */
export default function checkpoint(file) {
  const existing = pathToFileURL(file);
  existing.searchParams.set("mode", "rw");
  const db = new DatabaseSync(existing);
  try {
    // A connection opens the log with its first read.
    db.exec("SELECT 1 FROM sqlite_schema; PRAGMA wal_checkpoint(PASSIVE)");
  } finally {
    db.close();
  }
}
