import { chmod, mkdir, readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** The node cannot start; the message is one line for the operator. */
export class StartError extends Error {
  override name = "StartError";
}

/**
 * Locks the data directory for this process and restricts it to its owner: accounts, orders, mail, keys. The
 * lock is an open SQLite transaction, which the operating system releases with the process, even after a
 * crash.
 *
 * @returns a function that releases the directory
 * @throws StartError naming `DATA_DIR` when it is not writable, or locked by another process
 */
export async function lockDataDirectory(directory: string): Promise<() => void> {
  let lock: DatabaseSync | undefined;
  process.umask(0o077);
  try {
    await makeDirectory(directory);
    await restrictPermissions(directory);
    lock = new DatabaseSync(join(directory, "lock.sqlite"));
    lock.exec("BEGIN EXCLUSIVE; CREATE TABLE IF NOT EXISTS lock (taken INTEGER)");
  } catch (error) {
    lock?.close();
    const { errcode, message } = error as { errcode?: number; message: string };
    const why = errcode === 5 ? "another process of the shop is using it" : `it is not writable (${message})`;
    throw new StartError(`DATA_DIR ${directory}: ${why}`);
  }
  return () => lock.close();
}

const databaseFile = /\.sqlite(-\w+)?$/;
const sticky = 0o1000;

/**
 * Restricts files that earlier versions created with the system's umask. Files of other owners, or without
 * modes, stay as they are.
 */
async function restrictPermissions(directory: string): Promise<void> {
  const limit = (path: string, mode: number) => chmod(path, mode).catch(() => undefined);
  // A sticky directory like /tmp is shared on purpose.
  if (((await stat(directory)).mode & sticky) === 0) await limit(directory, 0o700);
  for (const name of await readdir(directory))
    if (databaseFile.test(name)) await limit(join(directory, name), 0o600);
}

/** Node's recursive `mkdir` hangs where a directory cannot be created, as in `/proc`. */
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
