import { DatabaseSync } from "node:sqlite";
import type { StatementSync } from "node:sqlite";
import type { WriteAheadLog } from "./write-ahead-log.ts";
import { isLogOpen, joinLog } from "./write-ahead-log.ts";

const busyTimeoutMs = 5000;
const statementsKept = 200;
const idleConnectionsKept = 4;
const sqliteFull = 13;
/** Statements that begin, end or undo parts of transactions, and write nothing. */
const marks = /^(BEGIN|SAVEPOINT|RELEASE|ROLLBACK TO)\b/;
/** In pages of 4 KiB. Then a commit moves the log into the file, if nobody has done it aside. */
const longestLog = 16_000;

/** To one file. */
export class Connection {
  readonly db: DatabaseSync;
  readonly #log: WriteAheadLog | undefined;
  /** In its transaction. */
  #hasWritten = false;
  #statements = new Map<string, StatementSync>();

  constructor(file: string, readOnly: boolean) {
    this.db = new DatabaseSync(file, { timeout: busyTimeoutMs, readOnly });
    if (file !== ":memory:" && !readOnly) this.#log = writeAhead(this.db, file);
  }

  /** To be called after whatever may have written: outside of a transaction it is a commit. */
  wrote(): void {
    this.#hasWritten = this.db.isTransaction;
    if (!this.#hasWritten) this.#log?.wrote();
  }

  /** To be called after a statement that changed so many rows: a transaction that changed nothing need not wait for the disk. */
  ran(sql: string, changes: number): void {
    const changesRows = /^\s*(INSERT|UPDATE|DELETE)\b/i.test(sql);
    if (changesRows ? changes === 0 : marks.test(sql)) return;
    if (sql !== "COMMIT" && sql !== "ROLLBACK") return this.wrote();
    if (sql === "COMMIT" && this.#hasWritten) this.#log?.wrote();
    this.#hasWritten = false;
  }

  close(): void {
    this.db.close();
    this.#log?.leave();
  }

  statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known) return known;
    const prepared = this.db.prepare(sql);
    if (this.#statements.size >= statementsKept) this.#statements.clear();
    this.#statements.set(sql, prepared);
    return prepared;
  }
}

/**
 * Readers never wait for the writer, and commits do not wait for the disk: who speaks of them does. Checkpoints wait, for the
 * log before and for the file after. Where there can be no log, as in some network's file systems, commits wait.
 */
function writeAhead(db: DatabaseSync, file: string): WriteAheadLog | undefined {
  const { journal_mode: mode } = db.prepare("PRAGMA journal_mode = WAL").get() ?? {};
  db.exec(`PRAGMA synchronous = ${mode === "wal" ? "NORMAL" : "FULL"}`);
  if (mode !== "wal") return undefined;
  db.exec(`PRAGMA wal_autocheckpoint = ${longestLog}`);
  if (!isLogOpen(file)) emptyLog(db);
  return joinLog(file);
}

/**
 * Moves what a killed process left in the log into the file. That process may have failed to bring it to the disk, and the
 * system would say so to nobody again; written anew, it is there for certain before commits are put upon it.
 */
function emptyLog(db: DatabaseSync): void {
  try {
    db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  } catch (error) {
    // Where another process has the file open, the log is its own and stays. Nothing is lost where it stays, and a shop on a full disk can still be read.
    if ((error as { errcode?: number }).errcode !== sqliteFull) throw error;
  }
}

/**
 * Sequelize opens a connection for each transaction. Opening a file, setting its modes and preparing statements
 * again costs more than most transactions do, so closed connections are kept per file and handed out again.
 */
const idle = new Map<string, Connection[]>();

/** For a transaction, or for all that runs outside of them. */
export function openConnection(file: string): Connection {
  return idle.get(file)?.pop() ?? new Connection(file, false);
}

export function releaseConnection(file: string, connection: Connection): void {
  const kept = idle.get(file) ?? [];
  if (file === ":memory:" || kept.length >= idleConnectionsKept || connection.db.isTransaction) {
    connection.close();
    return;
  }
  kept.push(connection);
  idle.set(file, kept);
}

/** Closes the connections that are kept for a file, so that it can be moved or removed. */
export function closeIdleConnections(file: string): void {
  for (const connection of idle.get(file) ?? []) connection.close();
  idle.delete(file);
}
