import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";

/**
 * What a thread of the pool does with each file that it is given. It is JavaScript, since what makes that of TypeScript
 * would take up 12 MB in each thread.
 *
 * @param {string} file
 * @throws {Error} also when it is not there any more
 */
export default function checkpoint(file) {
  const existing = pathToFileURL(file);
  existing.searchParams.set("mode", "rw");
  const db = new DatabaseSync(existing);
  try {
    // Before it has read something, a connection does not know that there is a log.
    db.exec("SELECT 1 FROM sqlite_schema; PRAGMA wal_checkpoint(PASSIVE)");
  } finally {
    db.close();
  }
}
