import fs from "node:fs";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { SharedSync } from "./shared-sync.ts";

/** What waits for the disk, in the system's threads for files. */
export const disk = {
  sync: promisify(fs.fdatasync),
  /** Makes names of new files last. Windows keeps names by itself, and lets nobody sync a directory. */
  async syncDirectory(path: string): Promise<void> {
    if (process.platform === "win32") return;
    const directory = await fs.promises.open(path, "r");
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
  },
};

const logs = new Map<string, WriteAheadLog>();

/**
 * The write-ahead log of a SQLite file, to which commits are written without waiting for the disk. Whoever must not speak
 * of a commit before it lasts waits here; meanwhile the process goes on, and so may the next commit.
 *
 * A log is one sequence, and what SQLite finds of it after a loss of power is its beginning, up to the first commit that is not
 * whole. So a sync is for all commits before it, and no commit can outlast one that it was built on.
 *
 * A second descriptor of the log does no harm: SQLite's locks, which closing one would drop, are on the other two files.
 */
class WriteAheadLog {
  readonly #file: string;
  readonly #path: string;
  readonly #syncs = new SharedSync(() => this.#sync());
  #connections = 0;
  #tell: ((loss: Error) => void) | undefined;
  #opened: { readonly descriptor: number; readonly inode: bigint } | undefined;

  constructor(file: string) {
    this.#file = file;
    this.#path = `${file}-wal`;
  }

  /** A connection has been opened that writes to the log. */
  join(): void {
    this.#connections += 1;
  }

  /** Such a connection has been closed. With the last one SQLite moves the log into the file and removes it. */
  leave(): void {
    this.#connections -= 1;
    if (this.#connections > 0) return;
    logs.delete(this.#file);
    if (!this.#syncs.isRunning) this.#close();
  }

  /** A commit has been written. */
  wrote(): void {
    this.#syncs.wrote();
  }

  onDisk(): Promise<void> | undefined {
    return this.#syncs.onDisk();
  }

  get failure(): Error | undefined {
    return this.#syncs.failure;
  }

  tellOfLoss(tell: (loss: Error) => void): void {
    this.#tell = tell;
  }

  async #sync(): Promise<void> {
    try {
      const isNew = this.#openIt();
      if (!this.#opened) return;
      await disk.sync(this.#opened.descriptor);
      if (isNew) await disk.syncDirectory(dirname(this.#path));
    } catch (error) {
      const { message } = error as Error;
      const loss = new Error(`SQLITE_IOERR: ${this.#path} may have lost what was written: ${message}`, { cause: error });
      this.#tell?.(loss);
      throw Object.assign(loss, { code: "SQLITE_IOERR" });
    } finally {
      if (this.#connections === 0) this.#close();
    }
  }

  /** Opens the log as it is now. Without one, SQLite has moved it into the file. @returns whether it is another than before */
  #openIt(): boolean {
    const found = fs.statSync(this.#path, { bigint: true, throwIfNoEntry: false });
    if (!found || found.ino === this.#opened?.inode) return false;
    this.#close();
    this.#opened = { descriptor: fs.openSync(this.#path, "r+"), inode: found.ino };
    return true;
  }

  #close(): void {
    if (this.#opened) fs.closeSync(this.#opened.descriptor);
    this.#opened = undefined;
  }
}

export type { WriteAheadLog };

/** Whether this process has a connection that writes to the file's log. */
export function isLogOpen(file: string): boolean {
  return logs.has(file);
}

/** The log of a file for one more connection. */
export function joinLog(file: string): WriteAheadLog {
  const log = logs.get(file) ?? new WriteAheadLog(file);
  logs.set(file, log);
  log.join();
  return log;
}

/**
 * @returns when all that this process has committed to the file until now is on the disk; nothing when it is already
 * @throws Error by the promise, as SQLite's drivers tell of trouble with the disk: a sync has failed, and until the process is
 *   started again nobody can tell what is on the disk
 */
export function onDisk(file: string): Promise<void> | undefined {
  return logs.get(file)?.onDisk();
}

/** Why nothing can be committed to the file any more. */
export function lossOf(file: string): Error | undefined {
  return logs.get(file)?.failure;
}

/** `tell` is called when a sync of the file's log fails: someone has to look at the disk, and start the process again. */
export function tellOfLoss(file: string, tell: (loss: Error) => void): void {
  logs.get(file)?.tellOfLoss(tell);
}
