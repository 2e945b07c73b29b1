import fs from "node:fs";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { AcknowledgedMark } from "./acknowledged.ts";
import { CoalescedFsync } from "./coalesced-fsync.ts";

/** Disk operations that run in libuv's thread pool. */
export const disk = {
  sync: promisify(fs.fdatasync),
  /** Makes the names of new files durable. Not needed on Windows, which does not support it. */
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

const walSyncs = new Map<string, WalSync>();
/** At exit SQLite closes open connections and so checkpoints and removes the log. */
process.once("exit", () => {
  for (const walSync of walSyncs.values()) walSync.mark.retractSync();
});

/**
 * Asynchronous durability for SQLite's WAL. Commits run with `synchronous=NORMAL`; await `flushed()` before
 * acknowledging anything that depends on one. One fsync, off the event loop, serves all waiters. After a
 * power loss SQLite recovers a prefix of the log, so a sync covers all earlier commits. A second descriptor
 * of the log is safe: SQLite's POSIX locks are on the other two files.
 */
class WalSync {
  readonly mark: AcknowledgedMark;
  readonly #file: string;
  readonly #path: string;
  readonly #fsync = new CoalescedFsync(() => this.#sync());
  #connections = 0;
  #onFailure: ((failure: Error) => void) | undefined;
  #opened: { readonly descriptor: number; readonly inode: bigint } | undefined;

  constructor(file: string) {
    this.mark = new AcknowledgedMark(file);
    this.#file = file;
    this.#path = `${file}-wal`;
  }

  /** Registers a connection that writes to the log. */
  connectionOpened(): void {
    this.#connections += 1;
  }

  /** Called before such a connection closes. */
  connectionClosing(): void {
    if (this.#connections === 1) this.mark.retractSync();
  }

  /** Called after such a connection closed. With the last one SQLite checkpoints and removes the log. */
  connectionClosed(): void {
    this.#connections -= 1;
    if (this.#connections > 0) return;
    walSyncs.delete(this.#file);
    if (!this.#fsync.isRunning) this.#release();
  }

  /** Notes a commit. */
  noteCommit(): void {
    this.#fsync.noteWrite();
  }

  flushed(): Promise<void> | undefined {
    return this.#fsync.flushed();
  }

  get failure(): Error | undefined {
    return this.#fsync.failure;
  }

  onFailure(listener: (failure: Error) => void): void {
    this.#onFailure = listener;
  }

  async #sync(): Promise<void> {
    try {
      const isNew = this.#openIfReplaced();
      if (!this.#opened) return;
      const position = this.mark.position();
      await disk.sync(this.#opened.descriptor);
      if (isNew) await disk.syncDirectory(dirname(this.#path));
      if (this.#connections > 0) this.mark.advance(position);
    } catch (error) {
      const { message } = error as Error;
      const failure = new Error(`SQLITE_IOERR: ${this.#path} may have lost writes: ${message}`, {
        cause: error,
      });
      this.#onFailure?.(failure);
      throw Object.assign(failure, { code: "SQLITE_IOERR" });
    } finally {
      if (this.#connections === 0) this.#release();
    }
  }

  #release(): void {
    this.#close();
    this.mark.close();
  }

  /**
   * Opens the current log; without one, SQLite has checkpointed and removed it. @returns whether it is a new
   * file
   */
  #openIfReplaced(): boolean {
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

export type { WalSync };

/** Whether this process has a connection that writes to the file's log. */
export function isWalOpen(file: string): boolean {
  return walSyncs.has(file);
}

/** The file's log, for one more connection. */
export function openWalSync(file: string): WalSync {
  const walSync = walSyncs.get(file) ?? new WalSync(file);
  walSyncs.set(file, walSync);
  walSync.connectionOpened();
  return walSync;
}

/**
 * @returns when all commits of this process to the file are durable; undefined if they already are
 * @throws Error (rejection) with the code of a disk error: a sync failed, and durability is unknown until the
 *   process restarts
 */
export function flushed(file: string): Promise<void> | undefined {
  return walSyncs.get(file)?.flushed();
}

/** Awaited before a checkpoint, after which SQLite may overwrite the log. */
export async function retractMark(file: string): Promise<void> {
  await walSyncs.get(file)?.mark.retract();
}

/** The sync failure after which the file accepts no commits. */
export function syncFailureOf(file: string): Error | undefined {
  return walSyncs.get(file)?.failure;
}

/**
 * Calls `listener` when a sync of the file's log fails: the disk needs attention, and the process a restart.
 */
export function onSyncFailure(file: string, listener: (failure: Error) => void): void {
  walSyncs.get(file)?.onFailure(listener);
}
