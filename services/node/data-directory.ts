import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** The node cannot start; the message is one line for the person who started it. */
export class StartError extends Error {
  override name = "StartError";
}

/**
 * Takes the data directory for this process. The lock is an open SQLite transaction, which the operating system ends
 * with the process, so that a crash leaves nothing to clean up.
 *
 * @returns a function that gives the directory back
 * @throws StartError naming `DATA_DIR` when it cannot be written, or another process has it
 */
export async function takeDataDirectory(directory: string): Promise<() => void> {
  let lock: DatabaseSync | undefined;
  try {
    await makeDirectory(directory);
    lock = new DatabaseSync(join(directory, "lock.sqlite"));
    lock.exec("BEGIN EXCLUSIVE; CREATE TABLE IF NOT EXISTS lock (taken INTEGER)");
  } catch (error) {
    lock?.close();
    const { errcode, message } = error as { errcode?: number; message: string };
    const why = errcode === 5 ? "another process of the shop is using it" : `it cannot be written (${message})`;
    throw new StartError(`DATA_DIR ${directory}: ${why}`);
  }
  return () => lock.close();
}

/** Node's own recursive `mkdir` never returns where a directory cannot be made, as in `/proc`. */
async function makeDirectory(path: string, parentIsThere = false): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return;
    if (code !== "ENOENT" || parentIsThere) throw error;
    await makeDirectory(dirname(path));
    await makeDirectory(path, true);
  }
}
