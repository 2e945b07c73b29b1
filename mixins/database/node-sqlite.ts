import { DatabaseSync } from "node:sqlite";
import type { SQLInputValue, StatementSync } from "node:sqlite";
import { isNativeError } from "node:util/types";

/**
 * Node's built-in SQLite in the shape of the `sqlite3` package, as far as Sequelize uses it (`dialectModule`).
 * It saves a native dependency and is about three times faster.
 *
 * Sequelize opens a connection for each transaction. Opening a file, setting its modes and preparing statements
 * again costs more than most transactions do, so closed connections are kept per file and handed out again.
 */

type Callback = (this: RunResult, error: Error | null, rows?: unknown[]) => void;
type Bindings = readonly unknown[] | Readonly<Record<string, unknown>> | null | undefined;

interface RunResult {
  lastID?: number;
  changes?: number;
}

const busyTimeoutMs = 5000;
const statementsKept = 200;
const idleConnectionsKept = 4;
const openReadOnly = 1;

class Connection {
  readonly db: DatabaseSync;
  #statements = new Map<string, StatementSync>();

  constructor(file: string, readOnly: boolean) {
    this.db = new DatabaseSync(file, { timeout: busyTimeoutMs, readOnly });
    // Readers never wait for the writer; a commit is on disk before it is answered.
    if (file !== ":memory:" && !readOnly) this.db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
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

const idle = new Map<string, Connection[]>();

function open(file: string): Connection {
  return idle.get(file)?.pop() ?? new Connection(file, false);
}

function release(file: string, connection: Connection): void {
  const kept = idle.get(file) ?? [];
  if (file === ":memory:" || kept.length >= idleConnectionsKept || connection.db.isTransaction) {
    connection.db.close();
    return;
  }
  kept.push(connection);
  idle.set(file, kept);
}

/** Closes the connections that are kept for a file, so that it can be moved or removed. */
export function closeIdleConnections(file: string): void {
  for (const connection of idle.get(file) ?? []) connection.db.close();
  idle.delete(file);
}

class Database {
  readonly filename: string;
  /** Sequelize marks connections that belong to a transaction. */
  uuid?: string;
  readonly #readOnly: boolean;
  #connection: Connection | undefined;

  constructor(filename: string, mode: number, callback?: (error: Error | null) => void) {
    this.filename = filename;
    this.#readOnly = mode === openReadOnly;
    let failure: Error | null = null;
    try {
      this.#connection = this.#readOnly ? new Connection(filename, true) : open(filename);
    } catch (error) {
      failure = asSqliteError(error);
    }
    queueMicrotask(() => callback?.(failure));
  }

  /** Statements are synchronous here, so they are in order already. */
  serialize(callback?: () => void): void {
    callback?.();
  }

  run(sql: string, bindings?: Bindings | Callback, callback?: Callback): this {
    return this.#execute(bindings, callback, (values) => {
      const { lastInsertRowid, changes } = this.#prepare(sql).run(...values);
      return { result: { lastID: Number(lastInsertRowid), changes: Number(changes) } };
    });
  }

  all(sql: string, bindings?: Bindings | Callback, callback?: Callback): this {
    return this.#execute(bindings, callback, (values) => ({ result: {}, rows: this.#prepare(sql).all(...values) }));
  }

  /** As `all`, at once. @throws Error as the callbacks get it */
  rows(sql: string, values: readonly SQLInputValue[]): object[] {
    return this.#now(() => this.#prepare(sql).all(...values));
  }

  /** As `run`, at once. @returns how many rows were changed */
  change(sql: string, values: readonly SQLInputValue[]): number {
    return this.#now(() => Number(this.#prepare(sql).run(...values).changes));
  }

  exec(sql: string, callback?: (error: Error | null) => void): this {
    return this.#execute(callback, undefined, () => {
      this.#open().db.exec(sql);
      return { result: {} };
    });
  }

  close(callback?: (error: Error | null) => void): void {
    if (this.#readOnly) this.#connection?.db.close();
    else if (this.#connection) release(this.filename, this.#connection);
    this.#connection = undefined;
    callback?.(null);
  }

  #execute(
    bindings: Bindings | Callback,
    callback: Callback | undefined,
    work: (values: SQLInputValue[]) => { result: RunResult; rows?: unknown[] },
  ): this {
    const done = typeof bindings === "function" ? bindings : callback;
    try {
      const { result, rows } = work(typeof bindings === "function" ? [] : asInputs(bindings));
      done?.call(result, null, rows);
    } catch (error) {
      if (!done) throw asSqliteError(error);
      done.call({}, asSqliteError(error));
    }
    return this;
  }

  #now<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw asSqliteError(error);
    }
  }

  #prepare(sql: string): StatementSync {
    return this.#open().statement(sql);
  }

  #open(): Connection {
    if (!this.#connection) throw new Error("the SQLite connection is closed");
    return this.#connection;
  }
}

function asInputs(bindings: Bindings): SQLInputValue[] {
  if (bindings === null || bindings === undefined) return [];
  if (Array.isArray(bindings)) return bindings.map(asInput);
  const named = Object.entries(bindings).map(([name, value]) => [name, asInput(value)]);
  return [Object.fromEntries(named)];
}

function asInput(value: unknown): SQLInputValue {
  return typeof value === "boolean" ? Number(value) : (value as SQLInputValue);
}

const errorCodes: ReadonlyMap<number, string> = new Map([
  [5, "SQLITE_BUSY"],
  [8, "SQLITE_READONLY"],
  [10, "SQLITE_IOERR"],
  [13, "SQLITE_FULL"],
  [19, "SQLITE_CONSTRAINT"],
]);

/** Gives Node's error the code and message by which Sequelize tells kinds of errors apart. */
function asSqliteError(error: unknown): Error {
  // Not `instanceof`: where tests run in a context of their own, Node's errors come from outside of it.
  if (!isNativeError(error)) return new Error(String(error));
  if (!("errcode" in error) || typeof error.errcode !== "number") return error;
  const errno = error.errcode & 0xff;
  const code = errorCodes.get(errno) ?? "SQLITE_ERROR";
  return Object.assign(error, { errno, code, message: `${code}: ${error.message}` });
}

export type SqliteConnection = Database;

export const nodeSqlite = {
  Database,
  OPEN_READONLY: openReadOnly,
  OPEN_READWRITE: 2,
  OPEN_CREATE: 4,
  verbose: () => nodeSqlite,
};
