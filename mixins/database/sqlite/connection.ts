import { DatabaseSync } from "node:sqlite";
import type { StatementSync } from "node:sqlite";
import type { AcknowledgedMark } from "./acknowledged.ts";
import type { WalSync } from "./wal-sync.ts";
import { isWalOpen, openWalSync } from "./wal-sync.ts";

const busyTimeoutMs = 5000;
const maxCachedStatements = 200;
const maxIdleConnections = 4;
const [sqliteBusy, sqliteFull] = [5, 13] as const;
/** Transaction control statements, which write nothing. */
const transactionControl = /^(BEGIN|SAVEPOINT|RELEASE|ROLLBACK TO)\b/;
/** In pages of 4 KiB. SQLite checkpoints at this length during a commit, in case the checkpointer lags. */
const autoCheckpointPages = 16_000;

/** A connection to one file. */
export class Connection {
  readonly db: DatabaseSync;
  readonly #walSync: WalSync | undefined;
  /** Within the open transaction. */
  #hasWritten = false;
  #statements = new Map<string, StatementSync>();

  constructor(file: string, readOnly: boolean) {
    this.db = new DatabaseSync(file, { timeout: busyTimeoutMs, readOnly });
    if (file !== ":memory:" && !readOnly) this.#walSync = enableWal(this.db, file);
  }

  /** Called after a statement that may write; outside a transaction it commits. */
  noteWrite(): void {
    this.#hasWritten = this.db.isTransaction;
    if (!this.#hasWritten) this.#walSync?.noteCommit();
  }

  /**
   * Called after a statement with its number of changed rows: a transaction without changes needs no sync.
   */
  noteStatement(sql: string, changes: number): void {
    const changesRows = /^\s*(INSERT|UPDATE|DELETE)\b/i.test(sql);
    if (changesRows ? changes === 0 : transactionControl.test(sql)) return;
    if (sql !== "COMMIT" && sql !== "ROLLBACK") return this.noteWrite();
    if (sql === "COMMIT" && this.#hasWritten) this.#walSync?.noteCommit();
    this.#hasWritten = false;
  }

  close(): void {
    this.#walSync?.connectionClosing();
    this.db.close();
    this.#walSync?.connectionClosed();
  }

  statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known) return known;
    const prepared = this.db.prepare(sql);
    if (this.#statements.size >= maxCachedStatements) this.#statements.clear();
    this.#statements.set(sql, prepared);
    return prepared;
  }
}

/**
 * WAL with `synchronous=NORMAL`; `wal-sync` provides durability. Falls back to `FULL` where WAL is
 * unavailable (network file systems).
 */
function enableWal(db: DatabaseSync, file: string): WalSync | undefined {
  const { journal_mode: mode } = db.prepare("PRAGMA journal_mode = WAL").get() ?? {};
  db.exec(`PRAGMA synchronous = ${mode === "wal" ? "NORMAL" : "FULL"}`);
  if (mode !== "wal") return undefined;
  db.exec(`PRAGMA wal_autocheckpoint = ${autoCheckpointPages}`);
  if (isWalOpen(file)) return openWalSync(file);
  const walSync = openWalSync(file);
  try {
    truncateWal(db, walSync.mark);
  } catch (error) {
    walSync.connectionClosed();
    throw error;
  }
  return walSync;
}

/**
 * Checkpoints the log of a killed process, which may have failed to sync it: the kernel reports such an error
 * only once, so new commits must not build on that log. Starts a new generation of the file.
 */
function truncateWal(db: DatabaseSync, mark: AcknowledgedMark): void {
  try {
    mark.retractSync();
    const generation = Number(db.prepare("PRAGMA user_version").get()?.["user_version"]) + 1;
    db.exec(`PRAGMA user_version = ${generation}`);
    const { busy, log } = db.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get() ?? {};
    if (busy === 0 && log === 0) mark.startGeneration(generation);
  } catch (error) {
    // Another process may have the file open, or the disk may be full: the log stays, nothing is lost, and
    // the shop can still read.
    const { errcode, code } = error as { errcode?: number; code?: string };
    if (errcode !== sqliteFull && errcode !== sqliteBusy && code !== "ENOSPC") throw error;
  }
}

/**
 * Idle connections by file. Sequelize opens one per transaction; opening the file, setting pragmas and
 * preparing statements would cost more than most transactions.
 */
const idleConnections = new Map<string, Connection[]>();

/** A connection for one transaction, or for all statements outside transactions. */
export function openConnection(file: string): Connection {
  return idleConnections.get(file)?.pop() ?? new Connection(file, false);
}

export function releaseConnection(file: string, connection: Connection): void {
  const pool = idleConnections.get(file) ?? [];
  if (file === ":memory:" || pool.length >= maxIdleConnections || connection.db.isTransaction) {
    connection.close();
    return;
  }
  pool.push(connection);
  idleConnections.set(file, pool);
}

/** Closes a file's idle connections, so that it can be moved or removed. */
export function closeIdleConnections(file: string): void {
  for (const connection of idleConnections.get(file) ?? []) connection.close();
  idleConnections.delete(file);
}
